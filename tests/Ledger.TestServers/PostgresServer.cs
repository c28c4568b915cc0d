using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Ledger.TestServers;

/// <summary>
/// A PostgreSQL server for tests: the one that <see cref="Variable"/> names, or a private one, started from the binaries on the machine in a folder of its own,
/// reached through a socket there, and gone with this process. As root, which PostgreSQL refuses, it runs as nobody.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The environment variable with the connection string of a server to use; its login may create databases.</summary>
    public const string Variable = "LEDGER_TEST_POSTGRES";

    private static readonly Lazy<Task<PostgresServer?>> Common = new(() => StartAsync(durable: false));

    private readonly string? binaries;
    private readonly DirectoryInfo? folder;
    private readonly bool durable;
    private readonly string? given;
    private Process? process;

    private PostgresServer(string given) => this.given = given;

    private PostgresServer(string binaries, DirectoryInfo folder, bool durable) => (this.binaries, this.folder, this.durable) = (binaries, folder, durable);

    /// <summary>What a test says when it is skipped for want of a server.</summary>
    public static string Missing =>
        $"No PostgreSQL was found: set {Variable} to a connection string, or install it (Debian: postgresql). What needs it is NOT tested.";

    /// <summary>Whether the server is this process's own, and may be killed.</summary>
    public bool IsPrivate => given is null;

    /// <summary>Reaches the server's database <c>postgres</c>, or the one that was given.</summary>
    public string ConnectionString => given ?? new NpgsqlConnectionStringBuilder
    {
        Host = folder!.FullName,
        Username = "ledger",
        Database = "postgres",
        IncludeErrorDetail = true,
    }.ToString();

    /// <summary>The folder of the private server's socket and data.</summary>
    public string Folder => folder?.FullName ?? throw new InvalidOperationException("The server is not this process's own.");

    /// <summary>The server that this process's tests share; null when there is none to be had. Under CI that is a failure.</summary>
    public static async Task<PostgresServer?> SharedAsync()
    {
        var server = await Common.Value.ConfigureAwait(false);
        return server is null && Environment.GetEnvironmentVariable("CI") == "true" ? throw new InvalidOperationException(Missing) : server;
    }

    /// <summary>Starts a server, or takes the one that the environment names; null when there is neither.</summary>
    /// <param name="durable">Whether it forces writes to the disk, as a real one does; tests need not wait for that.</param>
    /// <param name="alone">Whether it must be a server of the caller's own, to be killed and started again.</param>
    public static async Task<PostgresServer?> StartAsync(bool durable, bool alone = false)
    {
        if (!alone && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return new(given);
        }

        if (Binaries() is not { } binaries)
        {
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("ledger-pg");
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", "nobody", folder.FullName).ConfigureAwait(false);
        }

        var server = new PostgresServer(binaries, folder, durable);
        await server.AsServerAsync("initdb", "--pgdata", server.Data, "--username", "ledger", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync").ConfigureAwait(false);
        await server.StartAgainAsync().ConfigureAwait(false);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Remove();
        return server;
    }

    /// <summary>Makes an empty database and gives its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"t_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name}").ConfigureAwait(false);
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ToString();
    }

    /// <summary>Drops a database, whoever is connected to it.</summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)").ConfigureAwait(false);
    }

    /// <summary>Runs one statement in the server's own database.</summary>
    public async Task ExecuteAsync(string sql)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString());
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync().ConfigureAwait(false);
        var command = connection.CreateCommand();
        await using var __ = command.ConfigureAwait(false);
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <summary>Kills the server and all it was doing, as a crash would (SIGKILL to every process of it).</summary>
    public async Task KillAsync()
    {
        process!.Kill(entireProcessTree: true);
        await process.WaitForExitAsync().ConfigureAwait(false);
        process.Dispose();
        process = null;
    }

    /// <summary>Stops every process of the server where it stands (SIGSTOP), as one that hangs: connections stay, and nothing answers.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    /// <summary>Lets a paused server go on (SIGCONT).</summary>
    public Task ResumeAsync() => SignalAsync("-CONT");

    /// <summary>Starts a private server that is not running, and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        File.Delete(Path.Combine(Data, "postmaster.pid"));
        string[] arguments =
        [
            "-D", Data, "-k", folder!.FullName, "-c", "listen_addresses=", "-c", "max_connections=200", "-c", $"fsync={(durable ? "on" : "off")}", "-c", "log_min_messages=fatal",
        ];
        var start = Command("postgres", arguments, tied: true);
        start.RedirectStandardError = true;
        process = await StartTiedAsync(start).ConfigureAwait(false);
        var lines = new List<string>();
        process.ErrorDataReceived += (_, line) => lines.Add(line.Data ?? "");
        process.BeginErrorReadLine();
        for (var patience = Stopwatch.StartNew(); ;)
        {
            try
            {
                await ExecuteAsync("SELECT 1").ConfigureAwait(false);
                return;
            }
            catch (NpgsqlException) when (patience.Elapsed < TimeSpan.FromMinutes(1) && !process.HasExited)
            {
                await Task.Delay(20).ConfigureAwait(false);
            }
            catch (NpgsqlException error)
            {
                throw new InvalidOperationException($"PostgreSQL did not start: {string.Join(Environment.NewLine, lines)}", error);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Remove();
        return default;
    }

    private string Data => Path.Combine(folder!.FullName, "data");

    /// <summary>The folder of the newest server found on the machine; null for none.</summary>
    private static string? Binaries() =>
        (Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
                .OrderByDescending(path => int.TryParse(Path.GetFileName(Path.GetDirectoryName(path)), NumberStyles.None, null, out var version) ? version : 0)
            : Enumerable.Empty<string>())
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .FirstOrDefault(path => File.Exists(Path.Combine(path, "postgres")) && File.Exists(Path.Combine(path, "initdb")));

    /// <summary>Starts what is to die with this process. The kernel ties it to the thread that starts it, so that one stays.</summary>
    private static Task<Process> StartTiedAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                var process = Process.Start(start)!;
                using var ended = new ManualResetEvent(false);
                process.EnableRaisingEvents = true;
                process.Exited += (_, _) => ended.Set();
                started.SetResult(process);
                ended.WaitOne();
            }
            catch (System.ComponentModel.Win32Exception error)
            {
                started.SetException(error);
            }
        })
        { IsBackground = true }.Start();
        return started.Task;
    }

    private static async Task RunAsync(string program, params string[] arguments) => await EndAsync(new ProcessStartInfo(program, arguments)).ConfigureAwait(false);

    private static async Task EndAsync(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        using var run = Process.Start(start)!;
        var output = run.StandardOutput.ReadToEndAsync();
        var errors = await run.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await output.ConfigureAwait(false);
        await run.WaitForExitAsync().ConfigureAwait(false);
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)}: {errors}");
        }
    }

    private async Task SignalAsync(string signal)
    {
        var main = process!.Id.ToString(CultureInfo.InvariantCulture);
        // The one that starts the others is stopped first, and starts none meanwhile.
        await RunAsync("kill", signal, main).ConfigureAwait(false);
        var others = (await File.ReadAllTextAsync($"/proc/{main}/task/{main}/children").ConfigureAwait(false)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (others.Length > 0)
        {
            // One of them may have ended meanwhile.
            await RunAsync("sh", "-c", $"kill {signal} {string.Join(' ', others)} 2>/dev/null; true").ConfigureAwait(false);
        }
    }

    private async Task AsServerAsync(string program, params string[] arguments) => await EndAsync(Command(program, arguments, tied: false)).ConfigureAwait(false);

    /// <summary>A server's program, run as whoever may run it. What is tied to this process dies with it.</summary>
    private ProcessStartInfo Command(string program, string[] arguments, bool tied)
    {
        List<string> before = ["setpriv"];
        if (tied)
        {
            before.AddRange(["--pdeathsig", "QUIT"]);
        }

        if (Environment.UserName == "root")
        {
            before.AddRange(["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]);
        }

        string[] all = [.. before, Path.Combine(binaries!, program), .. arguments];
        return new(all[0], all[1..]) { WorkingDirectory = folder!.FullName };
    }

    private void Remove()
    {
        if (folder is null)
        {
            return;
        }

        try
        {
            process?.Kill(entireProcessTree: true);
            process?.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }

        if (Directory.Exists(folder.FullName))
        {
            folder.Delete(recursive: true);
        }
    }
}
