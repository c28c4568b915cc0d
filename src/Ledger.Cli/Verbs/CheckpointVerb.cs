using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Cli.Stores;
using Ledger.Core;
using Ledger.Core.Integrity;
using Ledger.Intake;

namespace Ledger.Cli.Verbs;

/// <summary><c>ledger checkpoint</c>: a signed statement of what the ledger is now, to be kept where the ledger cannot reach it.</summary>
internal static class CheckpointVerb
{
    internal static Command Build(Terminal terminal)
    {
        var output = new Option<string?>("--out") { Description = "Write it to a file; without it, to the screen.", HelpName = "FILE" };
        var command = new Verb("checkpoint", "Sign what the ledger is now: its size, and a hash over all its entries.", "ledger checkpoint --out ferry.checkpoint")
        {
            More = "Keep it elsewhere, with the public key: 'ledger verify --checkpoint FILE' then tells if an entry was changed or removed, even by somebody who can write the file.",
        };
        command.Options.Add(output);
        command.Does(terminal, async run =>
        {
            var store = await run.Store.OpenAsync(StoreAccess.Read, run.Cancellation).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            var checkpoint = await Checkpoint.OfHeadAsync(store.Log, run.Cancellation).ConfigureAwait(false);
            var keys = await LedgerKeys.ReadAsync(store.Log, run.Cancellation).ConfigureAwait(false);
            using var key = KeyFiles.Open(store.Name.KeyFile(checkpoint.Origin), keys.Where(key => key.Signs(checkpoint.Size)));
            var note = checkpoint.Sign(key);
            if (run.Get(output) is { } path)
            {
                Write(path, note.ToBytes());
            }

            if (run.Json)
            {
                run.Terminal.Json(new JsonObject
                {
                    ["origin"] = checkpoint.Origin,
                    ["size"] = checkpoint.Size,
                    ["root"] = checkpoint.Root.ToString(),
                    ["key"] = key.PublicKey.ToString(),
                    ["note"] = Encoding.UTF8.GetString(note.ToBytes()),
                    ["file"] = run.Get(output),
                });
            }
            else if (run.Get(output) is { } file)
            {
                run.Terminal.Prose(string.Create(CultureInfo.InvariantCulture, $"Signed {checkpoint.Size:N0} entries of {checkpoint.Origin} in {file}. Keep it where this ledger's writers cannot reach it."));
            }
            else
            {
                foreach (var line in Encoding.UTF8.GetString(note.ToBytes()).TrimEnd('\n').Split('\n'))
                {
                    run.Terminal.Line(line);
                }
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>A checkpoint replaces an older one, and nothing else; a file of that name is always a whole one.</summary>
    private static void Write(string path, byte[] note)
    {
        if (Directory.Exists(path) || FileTypes.IsSpecial(path) || (File.Exists(path) && !IsCheckpoint(path)))
        {
            throw new LedgerException(LedgerError.Refused("not-a-checkpoint", $"{path} is there already and is no checkpoint; it was not touched.", "Name another file."));
        }

        var partial = path + ".partial";
        try
        {
            File.WriteAllBytes(partial, note);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static bool IsCheckpoint(string path) => new FileInfo(path).Length is var length and < 1 << 16 && (length == 0 || CheckpointReport.Read(path, File.ReadAllBytes(path)).Error is null);
}
