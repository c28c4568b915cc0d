using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Core;
using Ledger.Core.Entries;
using Ledger.Core.Integrity;
using Ledger.Core.Stories;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger key show|add|retire</c>: the keys that checkpoints are signed with.</summary>
internal static class KeyVerbs
{
    internal static Command Build(Terminal terminal)
    {
        var command = new Verb("key", "The keys that checkpoints are signed with: show, add, retire.", "ledger key show");
        command.Subcommands.Add(Show(terminal));
        command.Subcommands.Add(Add(terminal));
        command.Subcommands.Add(Retire(terminal));
        return command;
    }

    private static Verb Show(Terminal terminal)
    {
        var pem = new Option<bool>("--pem") { Description = "The public keys in PEM, as other programs take them." };
        var command = new Verb("show", "The ledger's keys: since when, and where their private halves are.", "ledger key show --pem > ferry.pem");
        command.Options.Add(pem);
        command.Does(terminal, async run =>
        {
            var session = await Session.ReadAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var (origin, keys) = await ReadAsync(session, run.Cancellation).ConfigureAwait(false);
            var files = KeyFiles.Of(session.KeyFile(origin));
            if (run.Json)
            {
                run.Terminal.Json(new JsonArray([.. keys.Select(key => (JsonNode)new JsonObject
                {
                    ["id"] = Id(origin, key.PublicKey),
                    ["publicKey"] = key.PublicKey.ToString(),
                    ["pem"] = SigningKey.ToPem(key.PublicKey),
                    ["added"] = key.Added,
                    ["retired"] = key.Retired,
                    ["file"] = files.GetValueOrDefault(key.PublicKey),
                })]));
                return ExitCodes.Done;
            }

            foreach (var key in keys)
            {
                if (run.Get(pem))
                {
                    run.Terminal.Line(SigningKey.ToPem(key.PublicKey).TrimEnd('\n'));
                    continue;
                }

                run.Terminal.Line($"{Id(origin, key.PublicKey)}  {key.PublicKey}");
                run.Terminal.Prose(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  added by entry {key.Added}{(key.Retired is { } retired ? $", retired by entry {retired}" : "")}; private half: {(files.TryGetValue(key.PublicKey, out var file) ? file : "not here")}"));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Verb Add(Terminal terminal)
    {
        var given = new Argument<string?>("PUBLIC-KEY") { Description = "A key whose private half is kept elsewhere (32 bytes, base64url); without it one is made here.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Verb("add", "Add a key: checkpoints signed with it count from here on.", "ledger key add --as Ada");
        command.Arguments.Add(given);
        command.Does(terminal, async run =>
        {
            Digest? elsewhere = null;
            if (run.Get(given) is { } text)
            {
                elsewhere = Digest.TryParse(text, out var parsed) ? parsed : throw new UsageException($"'{text}' is not a public key.", "It is 32 bytes in base64url, 43 characters.");
            }

            var session = await Session.WriteAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var (origin, _) = await ReadAsync(session, run.Cancellation).ConfigureAwait(false);
            var key = elsewhere ?? KeyFiles.Create(session.KeyFile(origin), origin);
            return await RecordAsync(run, session, new LedgerKeyAdded(key), $"Added key {Id(origin, key)}").ConfigureAwait(false);
        });
        return command;
    }

    private static Verb Retire(Terminal terminal)
    {
        var name = new Argument<string>("KEY") { Description = "Its id, or its public key, as 'ledger key show' has them." };
        var reason = new Option<string>("--reason") { Description = "Why: lost, rotated, disclosed.", HelpName = "TEXT", Required = true };
        var command = new Verb("retire", "Retire a key: larger checkpoints signed with it count no more.", "ledger key retire 5f3a91c2 --reason rotated --as Ada")
        {
            More = "Checkpoints that it signed before still hold. Its file stays where it is; remove it if it was disclosed.",
        };
        command.Arguments.Add(name);
        command.Options.Add(reason);
        command.Does(terminal, async run =>
        {
            var session = await Session.WriteAsync(run).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            var (origin, keys) = await ReadAsync(session, run.Cancellation).ConfigureAwait(false);
            var named = run.Get(name)!;
            return keys.Where(key => Id(origin, key.PublicKey) == named || key.PublicKey.ToString() == named).ToList() switch
            {
                [var key] => await RecordAsync(run, session, new LedgerKeyRetired(key.PublicKey, run.Get(reason)!), $"Retired key {Id(origin, key.PublicKey)}").ConfigureAwait(false),
                _ => run.Terminal.Fail(LedgerError.NotFound("key-not-found", $"The ledger has no key '{named}'.", "'ledger key show' lists its keys.")),
            };
        });
        return command;
    }

    private static async Task<int> RecordAsync(Run run, Session session, Body body, string done)
    {
        var outcome = await session.Mediator.Send(new Submit(StoryId.Reserved, CommandId.New(), run.Recorder, new StoryCommand.RecordBody(body)), run.Cancellation).ConfigureAwait(false);
        if (outcome.Error is { } error)
        {
            return run.Terminal.Fail(error);
        }

        await session.CatchUpAsync(CancellationToken.None).ConfigureAwait(false);
        if (run.Json)
        {
            run.Terminal.Json(ReceiptOutput.Json(outcome.Value));
        }
        else
        {
            run.Terminal.Prose(string.Create(CultureInfo.InvariantCulture, $"{done}: entry {outcome.Value.LastIndex}, {outcome.Value.Entries[^1].Id}."));
        }

        return ExitCodes.Done;
    }

    private static async Task<(string Origin, IReadOnlyList<LedgerKey> Keys)> ReadAsync(Session session, CancellationToken cancellation)
    {
        await foreach (var first in session.Ledger.ReadAsync(0, 1, cancellation: cancellation).ConfigureAwait(false))
        {
            return ((first.Body as LedgerOpened)?.Origin ?? "", await LedgerKeys.ReadAsync(session.Ledger, cancellation).ConfigureAwait(false));
        }

        throw new LedgerException(LedgerError.Refused("ledger-empty", "The ledger has no entries yet.", "'ledger ingest FOLDER' records the first."));
    }

    private static string Id(string origin, Digest key) => SignedNote.KeyId(origin, key).ToString("x8", CultureInfo.InvariantCulture);
}
