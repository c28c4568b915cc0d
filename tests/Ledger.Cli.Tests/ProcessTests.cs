using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Sqlite;
using Xunit.Abstractions;

namespace Ledger.Cli.Tests;

/// <summary>The command as a process: broken pipes, Ctrl-C, and being killed.</summary>
public sealed class ProcessTests(ITestOutputHelper log) : IDisposable
{
    private const int Documents = 150;

    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_reader_that_has_read_enough_ends_it_quietly()
    {
        await FerryStory.TellAsync(desk.Db);
        var ledger = Path.Combine(AppContext.BaseDirectory, "ledger.dll");
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", $"for verb in activity audit export 'activity --json'; do dotnet '{ledger}' $verb --db '{desk.Db}' | true; echo ${{PIPESTATUS[0]}}; done"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        var error = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        output.ShouldBe("0\n0\n0\n0\n");
        error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Piped_output_is_plain()
    {
        await FerryStory.TellAsync(desk.Db);
        using var process = desk.Start("questions");
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
        output.ShouldBe((await desk.Run("questions")).Out);
        output.ShouldNotContain('\u001b');
    }

    [Fact]
    public async Task Ctrl_c_stops_an_ingest_and_the_same_command_goes_on()
    {
        // So many that it is still at it when it is stopped.
        const int Many = 1000;
        PutMany(Many);
        using var process = desk.Start("ingest", desk.At("many"));
        await GrownAsync(process, 1_500_000);
        using (var kill = Process.Start("bash", ["-c", $"kill -INT {process.Id.ToString(CultureInfo.InvariantCulture)}"]))
        {
            await kill.WaitForExitAsync();
        }

        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(ExitCodes.Interrupted);
        error.ShouldBe("Stopped. What was recorded is safe; the same command goes on from there.\n");
        (await desk.Run("verify")).Exit.ShouldBe(0);
        var rest = await desk.Json("ingest", desk.At("many"));
        rest["documents"]!.AsArray().Count.ShouldBe(Many);
        ((int)rest["filed"]!).ShouldBeInRange(1, Many - 1);
    }

    /// <summary>Every round begins with a copy of one freshly opened ledger, so that ids are made under the same secret as in the run that nobody disturbed.</summary>
    [Fact]
    public async Task Killed_at_any_moment_and_repeated_it_records_the_same_entries()
    {
        const int Rounds = 5;
        PutMany();
        await OpenAsync(desk.At("fresh.db"));
        File.Copy(desk.At("fresh.db"), desk.Db);
        (await desk.Run("ingest", desk.At("many"))).Exit.ShouldBe(0);
        var undisturbed = await EntriesAsync();
        var seed = Random.Shared.Next();
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var halfWay = 0;
        for (var round = 0; round < Rounds; round++)
        {
            desk.Db = desk.At($"round{round}.db");
            File.Copy(desk.At("fresh.db"), desk.Db);
            for (var kill = 0; kill < 3; kill++)
            {
                using var process = desk.Start("ingest", desk.At("many"));
                await GrownAsync(process, random.Next(1, 4_000_000));
                process.Kill();
                await process.WaitForExitAsync();
            }

            var size = (long)(await desk.Json("verify"))["size"]!;
            halfWay += size > 1 && size < undisturbed.Count ? 1 : 0;
            var rest = await desk.Run("ingest", desk.At("many"));
            rest.Exit.ShouldBe(0, rest.Error);
            (await EntriesAsync()).ShouldBe(undisturbed);
            (await desk.Run("verify")).Exit.ShouldBe(0);
        }

        log.WriteLine($"{halfWay} of {Rounds} rounds were killed half-way");
        halfWay.ShouldBeGreaterThan(0);
    }

    private static async Task OpenAsync(string db)
    {
        var ledger = SqliteLedger.Open(db, SqliteAccess.Write);
        await using var _ = ledger;
        await LedgerOpening.EnsureOpenedAsync(ledger, "example.org/desk", new Digest(new byte[32]), Recorder.Person("Ada"), TimeProvider.System);
    }

    private void PutMany(int documents = Documents)
    {
        for (var i = 0; i < documents; i++)
        {
            desk.Put($"many/{i:000}.txt", $"date 2022-{(i % 12) + 1:00}-{(i % 28) + 1:00} Dispatch {i}\n\nThe minister said on Monday: \"We will decide number {i} soon.\"\n\nOfficials said that talks {i} would go on.\n");
        }
    }

    /// <summary>Waits until the process has written so much beside the ledger, or has ended. Only file lengths are looked at: opening the file could disturb the locks.</summary>
    private async Task GrownAsync(Process process, long bytes)
    {
        while (!process.HasExited && new FileInfo(desk.Db + "-wal") is var wal && !(wal.Exists && wal.Length >= bytes))
        {
            await Task.Delay(1);
        }
    }

    /// <summary>The entries without times, salts and hashes.</summary>
    private async Task<List<string>> EntriesAsync() =>
        [.. (await desk.Run("export")).Lines.Skip(1).Select(line =>
        {
            var entry = JsonNode.Parse(line)!.AsObject();
            entry.Remove("hash");
            var envelope = entry["envelope"]!.AsObject();
            envelope.Remove("recordedAt");
            envelope.Remove("previous");
            envelope.Remove("parts");
            foreach (var (_, part) in entry["parts"]!.AsObject())
            {
                part!.AsObject().Remove("salt");
            }

            return entry.ToJsonString();
        })];
}
