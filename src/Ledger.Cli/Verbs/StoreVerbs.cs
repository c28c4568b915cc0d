using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Cli.Stores;
using Ledger.Core.Views;
using Ledger.Marten;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger store status|migrate</c>: which store a command works on, what is in it, and whether this program's version fits it.</summary>
internal static class StoreVerbs
{
    internal static Command Build(Terminal terminal)
    {
        var command = new Verb("store", "The store that commands work on: what is in it, and whether it fits this program.", "ledger store status");
        command.Subcommands.Add(Status(terminal));
        command.Subcommands.Add(Migrate(terminal));
        return command;
    }

    private static Verb Status(Terminal terminal)
    {
        var command = new Verb("status", "Which store it is, how many entries and how far its lists are, and what 'migrate' would change.", "ledger store status --store sqlite:ferry.db");
        command.Does(terminal, async run =>
        {
            var tables = TablesOf(run.Store) is { } server ? await MartenSchema.StatusAsync(server, run.Cancellation).ConfigureAwait(false) : null;
            if (tables is { } known && (known.Version is null || known.Version > known.ProgramVersion))
            {
                // There is nothing to open, or nothing that this program could.
                Write(run, null, tables);
                return ExitCodes.Done;
            }

            var store = await run.Store.OpenAsync(StoreAccess.Read, run.Cancellation).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            Write(run, new(await store.Log.HeadAsync(run.Cancellation).ConfigureAwait(false), await store.Views.ProgressAsync(run.Cancellation).ConfigureAwait(false)), tables);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Verb Migrate(Terminal terminal)
    {
        var command = new Verb("migrate", "Bring the tables of a store that an older program made to what this one needs. Entries stay as they are.", "ledger store migrate --store sqlite:ferry.db")
        {
            More = "A store in a file needs none. 'ledger store status' shows what would be done.",
        };
        command.Does(terminal, async run =>
        {
            if (TablesOf(run.Store) is not { } server)
            {
                // Opening it tells whether it fits.
                await (await run.Store.OpenAsync(StoreAccess.Read, run.Cancellation).ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
                return Done(run, null);
            }

            return Done(run, await MartenSchema.MigrateAsync(server, run.Cancellation).ConfigureAwait(false));
        });
        return command;
    }

    /// <summary>The connection to the PostgreSQL tables of the ledger; null for a store that has none.</summary>
    private static string? TablesOf(StoreName store) => store is PostgresStore postgres ? postgres.Connection : null;

    private static int Done(Run run, MartenSchemaStatus? tables)
    {
        var statements = tables?.Pending.Split('\n').Count(line => line.TrimEnd().EndsWith(';')) ?? 0;
        if (run.Json)
        {
            run.Terminal.Json(new JsonObject { ["store"] = run.Store.ToString(), ["version"] = tables?.ProgramVersion, ["done"] = tables?.Pending ?? "" });
        }
        else
        {
            run.Terminal.Prose(statements == 0 ? "There was nothing to do." : string.Create(CultureInfo.InvariantCulture, $"{statements} statements carried out; the tables are of version {tables!.ProgramVersion}."));
        }

        return ExitCodes.Done;
    }

    private static void Write(Run run, Contents? contents, MartenSchemaStatus? tables)
    {
        var behind = contents is null ? null : AllViews.List.Where(view => !contents.Views.TryGetValue(view.Name, out var kept) || kept.Version != view.Version || kept.Next < contents.Head.Size || kept.Error is not null).ToList();
        if (run.Json)
        {
            run.Terminal.Json(new JsonObject
            {
                ["store"] = run.Store.ToString(),
                ["size"] = contents?.Head.Size,
                ["time"] = contents?.Head.Time?.ToString(),
                ["behind"] = behind is null ? null : new JsonArray([.. behind.Select(view => JsonValue.Create(view.Name))]),
                ["version"] = tables?.Version,
                ["programVersion"] = tables?.ProgramVersion,
                ["pending"] = tables?.Pending,
            });
            return;
        }

        run.Terminal.Line(run.Store.ToString());
        if (contents is not null)
        {
            run.Terminal.Prose(string.Create(
                CultureInfo.InvariantCulture,
                $"{contents.Head.Size:N0} entries{(contents.Head.Time is { } time ? $", the last recorded {time}" : "")}; {(behind is [] ? "every list is up to date." : $"behind, until the next command: {string.Join(", ", behind!.Select(view => view.Name))}.")}"));
        }

        switch (tables)
        {
            case null:
                break;
            case { Version: null }:
                run.Terminal.Prose($"There is no ledger in the schema '{tables.Schema}' yet: 'ledger store migrate' or the first command that records makes its tables.");
                break;
            case { } newer when newer.Version > newer.ProgramVersion:
                run.Terminal.Prose(string.Create(CultureInfo.InvariantCulture, $"Its tables are of version {newer.Version}, and this program knows version {newer.ProgramVersion}: install a newer one."));
                break;
            case { Pending.Length: > 0 }:
                run.Terminal.Prose("'ledger store migrate' would carry out:");
                foreach (var line in tables.Pending.TrimEnd('\n').Split('\n'))
                {
                    run.Terminal.Line("  " + line.TrimEnd('\r'));
                }

                break;
            default:
                run.Terminal.Prose(string.Create(CultureInfo.InvariantCulture, $"Its tables are of version {tables.Version}, as this program needs them."));
                break;
        }
    }

    private sealed record Contents(Core.Log.LedgerHead Head, IReadOnlyDictionary<string, ViewProgress> Views);
}
