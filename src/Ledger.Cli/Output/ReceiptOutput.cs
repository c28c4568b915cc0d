using System.Text.Json.Nodes;
using Ledger.Core.Log;

namespace Ledger.Cli;

/// <summary>What was recorded, as it is answered.</summary>
internal static class ReceiptOutput
{
    internal static JsonObject Json(Receipt receipt) => new()
    {
        ["command"] = receipt.Command.ToString(),
        ["repeated"] = receipt.Repeated,
        ["entries"] = new JsonArray([.. receipt.Entries.Select(entry => (JsonNode)new JsonObject
        {
            ["id"] = entry.Id.ToString(),
            ["type"] = entry.Type,
            ["index"] = entry.Index,
            ["revision"] = entry.Revision,
            ["recordedAt"] = entry.RecordedAt.ToString(),
            ["hash"] = entry.Hash.ToString(),
        })]),
    };
}
