using System.Collections.Immutable;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Exchange;
using Ledger.Core.Integrity;
using Ledger.Core.Log;
using Ledger.Core.Reading;
using Ledger.Core.Stories;
using Ledger.Core.Views;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Sqlite.Tests;

public sealed class SmokeTests
{
    [Fact]
    public async Task A_ledger_can_be_written_verified_exported_and_imported()
    {
        var dir = Directory.CreateTempSubdirectory("ledger").FullName;
        await using var ledger = SqliteLedger.Open(Path.Combine(dir, "a.db"), SqliteAccess.Write);
        using var key = SigningKey.Create(Path.Combine(dir, "a.db.key"));
        await LedgerOpening.EnsureOpenedAsync(ledger, "example.org/test", key.PublicKey, Recorder.Program("test", "1"), TimeProvider.System);
        var services = new ServiceCollection().AddLedger(ledger, ledger.Views).BuildServiceProvider();
        var mediator = services.GetRequiredService<IMediator>();
        var story = ledger.Naming.Story("harbour");
        var me = Recorder.Person("Ada");
        (await mediator.Send(new Submit(story, CommandId.New(), me, new StoryCommand.OpenStory("Harbour", "harbour", "en", [])))).Value.LastIndex.ShouldBe(1);
        const string text = "The mayor said the harbour will open in May.";
        var filed = (await mediator.Send(new Submit(story, CommandId.New(), me, new StoryCommand.FileDocument(
            new("Harbour", "Desk", null, null, null, "en", new PublicationDate(new DateOnly(2022, 1, 2)), null, "text/plain", null, null, []), text, System.Text.Encoding.UTF8.GetBytes(text))))).Value;
        var document = filed.Entries[0].Id;
        var span = Span.In(document, text, new TextRange(15, 43));
        var findings = await mediator.Send(new Submit(story, CommandId.New(), Recorder.Program("rules", "1"), new StoryCommand.RecordFindings(
            document, new("rules", "1"),
            [new(new ClaimRecorded(span, "The harbour will open in May.", Modality.Expected, Directness.Indirect, new("The mayor", Span.In(document, text, new TextRange(0, 9))), null, null, "x"))],
            new(0, 1, 0, 0))));
        findings.Error.ShouldBeNull();
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => mediator.Send(new Submit(story, CommandId.New(), me, new StoryCommand.AddNote(document, $"note {i}")))));
        var keeper = new ViewKeeper(ledger, ledger.Views, AllViews.List);
        await keeper.CatchUpAsync();
        var page = (await mediator.Send(new ListRecords(ClaimsView.View, new ViewQuery { Story = story }, AsOf.Now))).Value;
        page.Records.Count.ShouldBe(1);
        (await mediator.Send(new CountRecords(ActivityView.View, new ViewQuery(), new AsOf(PublishedBy: new DateOnly(2022, 1, 2))))).Value.ShouldBe(2005);
        var why = (await mediator.Send(new AskWhy(page.Records[0].Id))).Value;
        why[0].Words!.Holds.ShouldBe(true);
        var report = await Verification.VerifyAsync(ledger);
        report.Failure.ShouldBeNull();
        report.Size.ShouldBe(2005);
        var export = Path.Combine(dir, "x.ndjson");
        await using (var file = File.Create(export))
        {
            await Export.WriteAsync(ledger, file);
        }

        await using var copy = SqliteLedger.Open(Path.Combine(dir, "b.db"), SqliteAccess.Write);
        var imported = await Import.ReadAsync(export, copy);
        imported.Error.ShouldBeNull();
        (await Verification.VerifyAsync(copy)).Root.ShouldBe(report.Root);
    }
}
