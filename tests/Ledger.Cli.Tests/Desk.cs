using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Ledger.Cli.Tests;

/// <summary>A folder with a ledger in it, and a person who types commands there.</summary>
internal sealed class Desk : IDisposable
{
    internal Desk() => Db = At("desk.db");

    internal string Folder { get; } = Directory.CreateTempSubdirectory("ledger-cli").FullName;

    internal string Db { get; set; }

    /// <summary>The top of the source tree.</summary>
    internal static string Root { get; } = FindRoot();

    internal static string Seeds => Path.Combine(Root, "seeds", "csto-armenia");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    internal string At(params string[] path) => Path.Combine([Folder, .. path]);

    internal string Put(string name, string text) => Put(name, Encoding.UTF8.GetBytes(text));

    internal string Put(string name, byte[] bytes)
    {
        var path = At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Runs the command with its answer going to a program.</summary>
    internal Task<Answer> Run(params string[] args) => RunAsync(args, null, "");

    /// <summary>Runs the command with its answer going to a terminal of a width.</summary>
    internal Task<Answer> See(int width, params string[] args) => RunAsync(args, width, "");

    /// <summary>What stands on a terminal afterwards: answers and notices as they came.</summary>
    internal async Task<string> SeeAll(int width, params string[] args)
    {
        using var screen = new StringWriter { NewLine = "\n" };
        await LedgerCommand.RunAsync(WithLedger(args), new(screen, screen, Stream.Null, Stream.Null, isPerson: true, errorIsPerson: true, width) { ShowsProgress = false });
        return screen.ToString();
    }

    internal Task<Answer> Feed(string input, params string[] args) => RunAsync(args, null, input);

    internal async Task<JsonNode> Json(params string[] args)
    {
        var answer = await Run([.. args, "--json"]);
        answer.Exit.ShouldBe(0, answer.Error);
        return JsonNode.Parse(answer.Out)!;
    }

    /// <summary>Starts the command as a process of its own.</summary>
    internal Process Start(params string[] args)
    {
        // Ctrl-C counts for it also where the tests were started by something for which it does not.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "ledger.dll"), .. WithLedger(args)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Folder,
        };
        return Process.Start(start)!;
    }

    /// <summary>Runs the command as somebody to whom the system may refuse what he asks: the user of these tests or, where that is the administrator, nobody.</summary>
    /// <param name="closed">Files and folders that he may not read.</param>
    /// <param name="args">The command.</param>
    internal Task<Answer> RunUnprivileged(string[] closed, params string[] args) => RunUnprivileged(closed, UnixFileMode.None, args);

    /// <inheritdoc cref="RunUnprivileged(string[], string[])"/>
    internal async Task<Answer> RunUnprivileged(string[] closed, UnixFileMode mode, params string[] args)
    {
        const string Setpriv = "/usr/bin/setpriv";
        Skip.If(OperatingSystem.IsWindows() || (Environment.IsPrivilegedProcess && !File.Exists(Setpriv)), "Nobody here is refused anything: permission cannot be tested.");
        if (OperatingSystem.IsWindows())
        {
            return null!;
        }

        var all = (UnixFileMode)0b111_111_111;
        foreach (var path in Directory.GetFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Append(Folder))
        {
            File.SetUnixFileMode(path, all);
        }

        var modes = closed.ToDictionary(path => path, File.GetUnixFileMode);
        foreach (var path in closed)
        {
            File.SetUnixFileMode(path, mode);
        }

        try
        {
            List<string> command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "ledger.dll"), .. WithLedger(args)];
            if (Environment.IsPrivilegedProcess)
            {
                command.InsertRange(0, [Setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"]);
            }

            var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
            start.Environment["HOME"] = Folder;
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return new(process.ExitCode, await output, await error);
        }
        finally
        {
            foreach (var (path, before) in modes)
            {
                File.SetUnixFileMode(path, before);
            }
        }
    }

    internal async Task PipeAsync(string name)
    {
        using var process = Process.Start("mkfifo", [At(name)]);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
    }

    private async Task<Answer> RunAsync(string[] args, int? width, string input)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var raw = new MemoryStream();
        using var given = new MemoryStream(Encoding.UTF8.GetBytes(input));
        var terminal = new Terminal(output, error, given, raw, width is not null, width is not null, width ?? 80) { ShowsProgress = false };
        var exit = await LedgerCommand.RunAsync(WithLedger(args), terminal);
        return new(exit, output + Encoding.UTF8.GetString(raw.ToArray()), error.ToString());
    }

    private string[] WithLedger(string[] args) =>
    [
        .. args,
        .. args.Length > 0 && !args.Contains("--db") && !args.Contains("--store") ? ["--db", Db] : Array.Empty<string>(),
        .. args.Length > 0 && !args.Contains("--as") ? ["--as", "Ada"] : Array.Empty<string>(),
    ];

    /// <summary>Commands in the README name the seeds as they are seen from the top of the source tree; every other test names whole paths.</summary>
    [System.Runtime.CompilerServices.ModuleInitializer]
    internal static void StandAtTheTop() => Environment.CurrentDirectory = Root;

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Ledger.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run below the folder of Ledger.sln.");
        }

        return folder;
    }
}

/// <summary>What a command answered.</summary>
internal sealed record Answer(int Exit, string Out, string Error)
{
    internal string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
