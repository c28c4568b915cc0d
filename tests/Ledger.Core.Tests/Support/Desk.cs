using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Views;
using static Ledger.Core.Stories.StoryCommand;

namespace Ledger.Core.Tests.Support;

/// <summary>A story at work: a document that a program has read, and a desk that records one thing after another.</summary>
internal sealed class Desk : IAsyncDisposable
{
    internal static readonly Recorder Rules = Recorder.Program("rules", "1.0");

    private Desk(TestLedger ledger) => Ledger = ledger;

    internal TestLedger Ledger { get; }

    internal EntryId Document { get; private set; }

    internal EntryId Quote { get; private set; }

    internal EntryId Claim { get; private set; }

    internal EntryId Occasion { get; private set; }

    internal EntryId Question { get; private set; }

    internal static async Task<Desk> OpenAsync()
    {
        var desk = new Desk(await TestLedger.WithStoryAsync());
        desk.Document = await desk.FileAsync("https://gazette.example/1", "The Gazette", Harbour.Text, Harbour.Published);
        var found = (await desk.Ledger.RecordAsync(Harbour.Findings(desk.Document), recorder: Rules)).Entries;
        (desk.Quote, desk.Claim, desk.Occasion, desk.Question) = (found[0].Id, found[1].Id, found[2].Id, found[3].Id);
        return desk;
    }

    internal async Task<EntryId> FileAsync(string? url, string publisher, string text, DateOnly published) =>
        (await Ledger.RecordAsync(new FileDocument(Harbour.Description(publisher: publisher, url: url, published: new(published)) with { Sources = [] }, text, Encoding.UTF8.GetBytes(text)))).Entries[0].Id;

    internal async Task<EntryId> ReviseAsync(EntryId revises, string text) =>
        (await Ledger.RecordAsync(new ReviseDocument(revises, Harbour.Description() with { Sources = [] }, text, Encoding.UTF8.GetBytes(text)))).Entries[0].Id;

    internal async Task<EntryId> RecordAsync(Body body, Recorder? recorder = null) => (await Ledger.RecordAsync(new RecordBody(body), recorder: recorder)).Entries[0].Id;

    /// <summary>A document as it was filed.</summary>
    internal async Task<DocumentFiled> FiledAsync(EntryId document) => (DocumentFiled)(await Ledger.Log.FindAsync(document))!.Body!;

    internal Task<EntryId> WithdrawAsync(EntryId id) => RecordAsync(new EntryWithdrawn(id, "wrong"));

    internal Task<EntryId> AcceptAsync(EntryId id) => RecordAsync(new ProposalAccepted(id, null, null));

    internal Task<EntryId> RejectAsync(EntryId id) => RecordAsync(new ProposalRejected(id, "No.", null));

    /// <summary>The record of a view now.</summary>
    internal async Task<TRecord?> FindAsync<TRecord>(View<TRecord> view, EntryId id)
        where TRecord : ViewRecord => (TRecord?)(await FoldAsync()).Find(view, id.Value);

    internal async Task<QuestionRecord> QuestionAsync() => (await FindAsync(QuestionsView.View, Question))!;

    internal async Task<OccasionRecord> OccasionAsync() => (await FindAsync(OccasionsView.View, Occasion))!;

    internal async Task<SpeakerRecord?> SpeakerAsync(string name) =>
        (SpeakerRecord?)(await FoldAsync()).Find(SpeakersView.View, SpeakersView.Key(Ledger.Story, name));

    internal async Task<ViewFold> FoldAsync()
    {
        var fold = new ViewFold(AllViews.List);
        foreach (var entry in await Ledger.EntriesAsync())
        {
            fold.Apply(entry);
        }

        return fold;
    }

    public ValueTask DisposeAsync() => Ledger.DisposeAsync();
}
