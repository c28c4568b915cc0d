using System.Globalization;
using System.Text;
using Ledger.Core;

namespace Ledger.Sqlite;

/// <summary>
/// Lets one process at a time write a ledger. The lock is the operating system's on <c>FILE.lock</c> and goes with the process, however it ends;
/// <c>FILE.lock.by</c> beside it says who holds it.
/// </summary>
internal sealed class WriterLock : IDisposable
{
    private readonly FileStream file;
    private readonly string holder;

    private WriterLock(FileStream file, string holder) => (this.file, this.holder) = (file, holder);

    /// <exception cref="LedgerException">Another process writes the ledger (<c>another-writer</c>, with its name), or the place cannot be written (<c>read-only</c>).</exception>
    internal static WriterLock Take(string path)
    {
        var lockPath = path + ".lock";
        var holder = lockPath + ".by";
        FileStream file;
        try
        {
            file = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new LedgerException(LedgerError.Refused("read-only", $"{path} cannot be written: no permission to write {lockPath}.", "Reading it needs permission to write its folder only while nobody writes it."), error);
        }
        // EWOULDBLOCK on Linux and on macOS, a sharing violation on Windows: somebody has the lock.
        catch (IOException error) when (error.HResult is 11 or 35 or unchecked((int)0x80070020))
        {
            throw new LedgerException(
                LedgerError.Conflict("another-writer", $"{path} is being written by {ReadHolder(holder)}.", "Reading and watching work meanwhile; one process at a time writes."), error);
        }
        catch (IOException error)
        {
            throw new LedgerException(LedgerError.Refused("read-only", $"{path} cannot be written: {error.Message}"), error);
        }

        try
        {
            // Put in place whole, so that nobody reads half a name.
            File.WriteAllText(holder + ".new", string.Create(
                CultureInfo.InvariantCulture,
                $"process {Environment.ProcessId} ({Path.GetFileName(Environment.ProcessPath)}) on {Environment.MachineName} since {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss}Z"));
            File.Move(holder + ".new", holder, overwrite: true);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        return new(file, holder);
    }

    public void Dispose()
    {
        // The lock file itself stays: removing it would let two processes lock two files of one name.
        File.Delete(holder);
        file.Dispose();
    }

    private static string ReadHolder(string path)
    {
        // Between taking the lock and writing the name, or taking the name away and the lock, there is a moment without one.
        for (var attempt = 0; attempt < 50; attempt++)
        {
            try
            {
                return File.ReadAllText(path, Encoding.UTF8);
            }
            catch (IOException)
            {
                Thread.Sleep(10);
            }
        }

        return "another process";
    }
}
