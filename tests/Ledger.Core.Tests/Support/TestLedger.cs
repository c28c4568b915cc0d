using Ledger.Core.Entries;
using Ledger.Core.Exchange;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Core.Stories;
using Ledger.Core.Views;
using Ledger.Sqlite;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Core.Tests.Support;

/// <summary>A ledger on the embedded engine, in a folder of its own that goes with it.</summary>
internal sealed class TestLedger : IAsyncDisposable
{
    internal const string Origin = "example.org/test";
    internal static readonly Recorder Ada = Recorder.Person("Ada");
    internal static readonly Recorder Rules = Recorder.Program("rules", "1.0", "Ada");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ledger-core");
    private readonly ServiceProvider services;

    private TestLedger(Func<ILedgerLog, ILedgerLog>? around)
    {
        Log = SqliteLedger.Open(Path.Combine(folder.FullName, "test.db"), SqliteAccess.Write, Clock);
        services = new ServiceCollection().AddLedger(around?.Invoke(Log) ?? Log, Log.Views).BuildServiceProvider();
    }

    internal TestClock Clock { get; } = new();

    internal SqliteLedger Log { get; }

    internal SqliteViews Views => Log.Views;

    internal Appender Appender => services.GetRequiredService<Appender>();

    internal IMediator Mediator => services.GetRequiredService<IMediator>();

    internal StoryId Story => Log.Naming.Story("harbour");

    /// <summary>A ledger without an entry.</summary>
    internal static TestLedger Empty(Func<ILedgerLog, ILedgerLog>? around = null) => new(around);

    /// <summary>A ledger with its opening at index 0.</summary>
    internal static async Task<TestLedger> OpenAsync(Func<ILedgerLog, ILedgerLog>? around = null)
    {
        var ledger = new TestLedger(around);
        await LedgerOpening.EnsureOpenedAsync(ledger.Log, Origin, new Digest(new byte[32]), Recorder.Program("test", "1"), ledger.Clock);
        return ledger;
    }

    /// <summary>A ledger with an open story, at index 1.</summary>
    internal static async Task<TestLedger> WithStoryAsync(Func<ILedgerLog, ILedgerLog>? around = null)
    {
        var ledger = await OpenAsync(around);
        await ledger.RecordAsync(new StoryCommand.OpenStory("Harbour", "harbour", "en", ["port"]));
        return ledger;
    }

    internal string File(string name) => Path.Combine(folder.FullName, name);

    internal async Task<Outcome<Receipt>> SubmitAsync(StoryCommand command, CommandId? id = null, Recorder? recorder = null) =>
        await Mediator.Send(new Submit(Story, id ?? CommandId.New(), recorder ?? Ada, command));

    internal async Task<Receipt> RecordAsync(StoryCommand command, CommandId? id = null, Recorder? recorder = null)
    {
        var outcome = await SubmitAsync(command, id, recorder);
        outcome.Error.ShouldBeNull();
        return outcome.Value;
    }

    internal async Task KeepViewsAsync() => await new ViewKeeper(Log, Views, AllViews.List).CatchUpAsync();

    internal async Task<List<Entry>> EntriesAsync(PartSelection parts = PartSelection.All) => await Log.ReadAsync(0, parts: parts).ToListAsync();

    internal async Task<byte[]> ExportAsync()
    {
        using var export = new MemoryStream();
        await Export.WriteAsync(Log, export);
        return export.ToArray();
    }

    /// <summary>Imports a file with these bytes.</summary>
    internal async Task<Outcome<ImportReport>> ImportAsync(byte[] export)
    {
        var path = File("import.ndjson");
        await System.IO.File.WriteAllBytesAsync(path, export);
        return await Import.ReadAsync(path, Log);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Log.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
