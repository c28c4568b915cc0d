using System.CommandLine;
using System.CommandLine.Completions;
using Ledger.Cli.Stores;
using Ledger.Core;
using Ledger.Core.Views;

namespace Ledger.Cli;

/// <summary>What a shell may offer for a word that is being typed, beyond verbs, options and their choices.</summary>
internal static class Completions
{
    /// <summary>Gives every --story and STORY of the command and its verbs the stories that there are, and every VIEW the lists.</summary>
    internal static void AddTo(Command command)
    {
        foreach (var option in command.Options.Where(option => option.Name == "--story"))
        {
            option.CompletionSources.Add(Stories);
        }

        foreach (var argument in command.Arguments)
        {
            if (argument.Name == "STORY")
            {
                argument.CompletionSources.Add(Stories);
            }
            else if (argument.Name == "VIEW")
            {
                argument.CompletionSources.Add(_ => AllViews.List.Select(view => new CompletionItem(view.Name)));
            }
        }

        foreach (var verb in command.Subcommands)
        {
            AddTo(verb);
        }
    }

    private static IEnumerable<CompletionItem> Stories(CompletionContext context)
    {
        try
        {
            return StoriesAsync(StoreChoice.Of(context.ParseResult.GetValue(GlobalOptions.Store), context.ParseResult.GetValue(GlobalOptions.Db))).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is LedgerException or UsageException or IOException)
        {
            // Without a ledger there is nothing to offer, and nobody to tell.
            return [];
        }
    }

    private static async Task<List<CompletionItem>> StoriesAsync(StoreName name)
    {
        var store = await name.OpenAsync(StoreAccess.Read, CancellationToken.None).ConfigureAwait(false);
        await using var _ = store.ConfigureAwait(false);
        var page = await store.Views.ListAsync(StoriesView.View, new ViewQuery { Limit = ViewQuery.MaxLimit }).ConfigureAwait(false);
        return [.. page.Records.Cast<StoryRecord>().Select(story => new CompletionItem(story.Slug))];
    }
}
