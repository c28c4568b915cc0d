using Ledger.Core;
using Ledger.Core.Integrity;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite;

/// <summary>A copy that was made, and verified.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Size">How many entries are in it.</param>
/// <param name="Root">The root over them, recomputed from the copy and the same in the ledger.</param>
public sealed record BackupReport(string File, long Size, Digest Root);

/// <summary>
/// Copies a ledger's file as it is at one moment, also while another process writes it. The copy is verified before it gets its name,
/// so that a file of that name is always a whole ledger.
/// </summary>
internal static class Backup
{
    internal static async Task<BackupReport> WriteAsync(SqliteLedger ledger, string path, bool force, IProgress<long>? progress, CancellationToken cancellation)
    {
        path = Path.GetFullPath(path);
        Check(ledger.Path, path, force);
        var partial = path + ".partial";
        try
        {
            Remove(partial);
            Copy(ledger.Path, partial);
            cancellation.ThrowIfCancellationRequested();
            var report = await VerifyAsync(ledger, partial, progress, cancellation).ConfigureAwait(false);
            using (var file = new FileStream(partial, FileMode.Open, FileAccess.Write, FileShare.Read))
            {
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: force);
            return report with { File = path };
        }
        catch (SqliteException error)
        {
            throw new LedgerException(SqliteErrors.Of(error, path), error);
        }
        catch (IOException error) when (!force && File.Exists(path))
        {
            throw new LedgerException(Exists(path), error);
        }
        finally
        {
            Remove(partial);
        }
    }

    private static void Check(string ledger, string path, bool force)
    {
        Schema.CheckFolder(path);
        if (Directory.Exists(path))
        {
            throw new LedgerException(LedgerError.Refused("not-a-file", $"{path} is a folder.", "Name the file that is to hold the copy."));
        }

        if (Real(path) == Real(ledger))
        {
            throw new LedgerException(LedgerError.Refused("backup-onto-itself", $"{path} is the ledger itself; nothing was written.", "Name another file, best on another disk."));
        }

        if (File.Exists(path) && !force)
        {
            throw new LedgerException(Exists(path));
        }

        // A log beside it belongs to what is there now, and SQLite would play it into whatever took that file's place.
        foreach (var log in (string[])[path + "-wal", path + "-journal"])
        {
            if (File.Exists(log) && new FileInfo(log).Length > 0)
            {
                throw new LedgerException(LedgerError.Conflict("backup-target-open", $"{path} is open in another program, or one died with it: {log} is beside it.", "Name another file."));
            }
        }
    }

    private static LedgerError Exists(string path) =>
        LedgerError.Refused("file-exists", $"{path} is there already; it was not touched.", "Name another file, or give --force to put the copy in its place.");

    private static string Real(string path) => (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? path;

    /// <summary>SQLite copies page by page within one read transaction: writers go on meanwhile, and the copy is of the moment it began.</summary>
    private static void Copy(string from, string to)
    {
        using var source = Open(from, SqliteOpenMode.ReadWrite);
        using var copy = Open(to, SqliteOpenMode.ReadWriteCreate);
        source.BackupDatabase(copy);
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static async Task<BackupReport> VerifyAsync(SqliteLedger ledger, string path, IProgress<long>? progress, CancellationToken cancellation)
    {
        var copy = SqliteLedger.Open(path, SqliteAccess.Read);
        await using var _ = copy.ConfigureAwait(false);
        var report = await Verification.VerifyAsync(copy, progress, cancellation).ConfigureAwait(false);
        if (report.Failure is { } failure)
        {
            throw new LedgerException(LedgerError.Integrity(
                "backup-does-not-hold", $"The copy does not hold, at entry {failure.Index}{(failure.Entry is { } id ? $" ({id})" : "")}: {failure.Reason} It was removed.",
                "'ledger verify' tells whether the ledger itself holds."));
        }

        return report.Root == await Proofs.RootAsync(ledger, report.Size, cancellation).ConfigureAwait(false)
            ? new(path, report.Size, report.Root)
            : throw new LedgerException(LedgerError.Integrity("backup-does-not-hold", "The copy's root is not the ledger's. It was removed.", "'ledger verify' tells whether the ledger itself holds."));
    }

    private static void Remove(string partial)
    {
        foreach (var file in (string[])[partial, partial + "-wal", partial + "-shm", partial + "-journal"])
        {
            File.Delete(file);
        }
    }
}
