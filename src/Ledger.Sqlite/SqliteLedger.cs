using System.Diagnostics;
using System.Runtime.CompilerServices;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Microsoft.Data.Sqlite;

namespace Ledger.Sqlite;

/// <summary>What a process opens a ledger file for.</summary>
public enum SqliteAccess
{
    /// <summary>To read and follow; any number of processes at once, also while one writes.</summary>
    Read,

    /// <summary>To append; one process at a time. The file is created where there is none.</summary>
    Write,
}

/// <summary>
/// A ledger in one SQLite file: log and views. Write-ahead log, <c>synchronous=FULL</c>; one writer that commits everything that waits in one
/// transaction; readers on connections of their own.
/// </summary>
public sealed class SqliteLedger : ILedgerLog
{
    private const int Chunk = 512;

    private readonly Readers readers;
    private readonly WriterLock? writerLock;
    private readonly EntryWriter? entryWriter;
    private readonly Writer? writer;
    private readonly HeadSignal signal = new();
    private readonly Lazy<OtherWriter> otherWriter;
    private readonly CancellationTokenSource closing = new();
    private int closed;

    private SqliteLedger(string path, Database database, SqliteAccess access, WriterLock? writerLock, TimeProvider clock)
    {
        Path = path;
        otherWriter = new(() => new(path));
        this.writerLock = writerLock;
        readers = new(database.ConnectionString);
        using (var secret = database.Prepare("SELECT value FROM meta WHERE name = 'secret'"))
        {
            Naming = secret.Step() ? new(secret.Blob(0).ToArray()) : throw Schema.NotALedger(path, null);
        }

        if (access == SqliteAccess.Write)
        {
            entryWriter = new EntryWriter(database, clock);
            writer = new Writer(database, entryWriter.Forget);
        }
        else
        {
            database.Dispose();
        }

        Views = new SqliteViews(readers, writer);
    }

    public string Path { get; }

    public Naming Naming { get; private set; }

    /// <summary>The views in the same file.</summary>
    public SqliteViews Views { get; }

    public bool CanAppend => writer is not null;

    /// <summary>Opens a ledger file.</summary>
    /// <param name="path">The file. Beside it stand SQLite's own <c>-wal</c> and <c>-shm</c>, and <c>.lock</c> while somebody writes.</param>
    /// <param name="access">What for.</param>
    /// <param name="clock">Stamps entries; the system's clock by default.</param>
    /// <exception cref="LedgerException"><c>ledger-not-found</c>, <c>folder-not-found</c>, <c>not-a-ledger</c>, <c>ledger-from-newer-version</c>, <c>ledger-from-older-version</c>, <c>another-writer</c>, <c>read-only</c>, <c>file-damaged</c>.</exception>
    public static SqliteLedger Open(string path, SqliteAccess access, TimeProvider? clock = null)
    {
        path = System.IO.Path.GetFullPath(path);
        Schema.CheckPlace(path);
        if (access == SqliteAccess.Read && !File.Exists(path))
        {
            throw new LedgerException(LedgerError.NotFound("ledger-not-found", $"There is no ledger at {path}.", "Name one with --db, or start one with 'ledger ingest FOLDER'."));
        }

        var writerLock = access == SqliteAccess.Write ? WriterLock.Take(path) : null;
        SqliteConnection? connection = null;
        try
        {
            try
            {
                return Open(path, access == SqliteAccess.Write ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite);
            }
            catch (SqliteException error) when (access == SqliteAccess.Read && error.SqliteErrorCode is 8 or 14 && new FileInfo(path + "-wal") is { Exists: false } or { Length: 0 })
            {
                // The folder cannot be written, where SQLite keeps a file also for reading; but nobody writes the ledger, and all of it is in the file.
                connection!.Dispose();
                return Open($"file:{string.Join('/', path.Split(System.IO.Path.DirectorySeparatorChar).Select(Uri.EscapeDataString))}?immutable=1", SqliteOpenMode.ReadOnly);
            }

            SqliteLedger Open(string source, SqliteOpenMode mode)
            {
                connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, Pooling = false }.ToString());
                connection.Open();
                var database = new Database(connection);
                Prepare(database, path, access);
                return new(path, database, access, writerLock, clock ?? TimeProvider.System);
            }
        }
        catch (SqliteException error)
        {
            connection?.Dispose();
            writerLock?.Dispose();
            throw error.SqliteErrorCode switch
            {
                26 => Schema.NotALedger(path, error),
                8 or 14 when access == SqliteAccess.Read => new LedgerException(SqliteErrors.FolderReadOnly(path), error),
                8 or 14 => new LedgerException(LedgerError.Refused("read-only", $"{path} cannot be written: no permission to write it.", "Reading it works."), error),
                _ => new LedgerException(SqliteErrors.Of(error, path), error),
            };
        }
        catch
        {
            connection?.Dispose();
            writerLock?.Dispose();
            throw;
        }
    }

    public ValueTask<LedgerHead> HeadAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read(EntryTable.Head));
    }

    public async ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (request.CheckLimits() is { } error)
        {
            return new AppendResult.Refused(error);
        }

        if (writer is null)
        {
            return new AppendResult.Refused(LedgerError.Refused("read-only", $"{Path} was opened for reading."));
        }

        return await QueueAsync(new AppendWork(entryWriter!, signal, request, cancellation)).ConfigureAwait(false);
    }

    public ValueTask<Receipt?> FindReceiptAsync(StoryId story, CommandId command, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read(database =>
            EntryTable.Find(database, EntryId.For(story, command, 0), PartSelection.Small) is { } first
                ? Receipt.Of(story, command, EntryTable.Command(database, first.Index), repeated: true)
                : null, snapshot: true));
    }

    public async IAsyncEnumerable<Entry> ReadAsync(
        long from, long? to = null, PartSelection parts = PartSelection.Small, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        // Texts are large: fewer of them at once.
        var chunk = parts == PartSelection.Small ? Chunk : 16;
        var end = Math.Min(to ?? long.MaxValue, (await HeadAsync(cancellation).ConfigureAwait(false)).Size);
        while (from < end)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = from;
            var entries = readers.Read(database => EntryTable.Range(database, start, end, chunk, parts));
            if (entries.Count == 0)
            {
                throw new LedgerException(LedgerError.Integrity("entry-missing", $"The entry at index {from} is missing.", "'ledger verify' tells more."));
            }

            foreach (var entry in entries)
            {
                yield return entry;
                from = entry.Index + 1;
            }
        }
    }

    public async IAsyncEnumerable<Entry> ReadStoryAsync(
        StoryId story, long fromRevision = 0, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromRevision);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = fromRevision;
            var entries = readers.Read(database => EntryTable.Story(database, story, start, Chunk), snapshot: true);
            foreach (var entry in entries)
            {
                yield return entry;
                fromRevision++;
            }

            if (entries.Count < Chunk)
            {
                yield break;
            }

            await Task.Yield();
        }
    }

    public async IAsyncEnumerable<Entry> FollowAsync(long from, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var active = Stopwatch.GetTimestamp();
        while (true)
        {
            // Taken before reading: an append between the read and the wait ends the wait at once.
            var changed = CanAppend ? signal.Next : otherWriter.Value.Next;
            await foreach (var entry in ReadAsync(from, cancellation: cancellation).ConfigureAwait(false))
            {
                yield return entry;
                from = entry.Index + 1;
                active = Stopwatch.GetTimestamp();
            }

            if (closing.IsCancellationRequested)
            {
                throw new LedgerException(SqliteErrors.Closed);
            }

            if (CanAppend)
            {
                await changed.WaitAsync(cancellation).ConfigureAwait(false);
            }
            else if (await otherWriter.Value.WaitAsync(changed, active, cancellation).ConfigureAwait(false))
            {
                active = Stopwatch.GetTimestamp();
            }
        }
    }

    public ValueTask<Entry?> FindAsync(EntryId id, PartSelection parts = PartSelection.Small, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read(database => EntryTable.Find(database, id, parts), snapshot: true));
    }

    public ValueTask<IReadOnlyList<EntryId>> FindIdsAsync(EntryId first, EntryId last, int limit, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read<IReadOnlyList<EntryId>>(database => EntryTable.Ids(database, first, last, limit), snapshot: true));
    }

    public ValueTask<long> IndexAtAsync(Timestamp time, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read(database => EntryTable.IndexAt(database, time)));
    }

    public ValueTask<VerificationFailure?> CheckLookupsAsync(long size, CancellationToken cancellation = default)
    {
        for (var from = 0L; from < size; from += Chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = from;
            if (readers.Read(database => EntryTable.CheckLookups(database, start, Math.Min(size, start + Chunk)), snapshot: true) is { } failure)
            {
                return new(failure);
            }
        }

        return new((VerificationFailure?)null);
    }

    public ValueTask<ReadOnlyMemory<byte>> ReadTileAsync(int level, long index, int width, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(readers.Read<ReadOnlyMemory<byte>>(database => EntryTable.TileHashes(database, level, index, width)));
    }

    public async ValueTask ImportAsync(IAsyncEnumerable<Entry> entries, Naming? naming = null, CancellationToken cancellation = default)
    {
        if (await QueueAsync(new ImportWork(entryWriter!, signal, entries, naming, cancellation)).ConfigureAwait(false))
        {
            Naming = naming!;
        }
    }

    public async ValueTask EraseAsync(EntryId id, string part, CancellationToken cancellation = default) =>
        await QueueAsync(new EraseWork(id, part, cancellation)).ConfigureAwait(false);

    /// <summary>Copies the ledger as it is now to another file, verifies the copy, and only then gives it its name. Others may write meanwhile.</summary>
    /// <param name="path">The copy. What was there is replaced only when forced; the ledger itself never is.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    /// <param name="progress">Told the number of entries verified in the copy, now and then.</param>
    /// <param name="cancellation">Cancels; nothing is left behind.</param>
    /// <exception cref="LedgerException"><c>file-exists</c>, <c>folder-not-found</c>, <c>not-a-file</c>, <c>backup-onto-itself</c>, <c>backup-target-open</c>, <c>backup-does-not-hold</c>, <c>engine-failed</c>.</exception>
    public Task<BackupReport> BackupAsync(string path, bool force = false, IProgress<long>? progress = null, CancellationToken cancellation = default) =>
        Backup.WriteAsync(this, path, force, progress, cancellation);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref closed, 1) != 0)
        {
            return;
        }

        if (writer is not null)
        {
            await writer.DisposeAsync().ConfigureAwait(false);
        }

        await closing.CancelAsync().ConfigureAwait(false);
        signal.Raise();
        if (otherWriter.IsValueCreated)
        {
            otherWriter.Value.Dispose();
        }

        readers.Dispose();
        writerLock?.Dispose();
        closing.Dispose();
    }

    private static void Prepare(Database database, string path, SqliteAccess access)
    {
        if (access == SqliteAccess.Write)
        {
            if (Schema.IsEmpty(database))
            {
                // Before anything is in the file, because it cannot be changed afterwards: entries are a few KiB, and fit a page of this size.
                database.Execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL");
                Schema.Create(database);
            }

            Schema.Check(database, path);
            database.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -64000");
            // A process that died may have left words in the log that were erased since.
            database.TryEmptyLog(TimeSpan.Zero);
        }
        else
        {
            Schema.Check(database, path);
        }
    }

    private async ValueTask<T> QueueAsync<T>(Work<T> work)
    {
        if (writer is null)
        {
            throw new LedgerException(LedgerError.Refused("read-only", $"{Path} was opened for reading."));
        }

        return writer.TryQueue(work) ? await work.Result.ConfigureAwait(false) : throw new LedgerException(SqliteErrors.Closed);
    }
}
