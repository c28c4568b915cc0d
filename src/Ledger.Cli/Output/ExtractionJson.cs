using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.Entries;
using Ledger.Extraction;
using Ledger.Intake;

namespace Ledger.Cli;

/// <summary>Findings that are not recorded, as <c>--json</c> gives them.</summary>
internal static class ExtractionJson
{
    internal static JsonObject Of(FrozenDocument document, Findings findings) => new()
    {
        ["path"] = document.Path,
        ["title"] = document.Title,
        ["published"] = document.PublishedAt.ToString(),
        ["findings"] = new JsonArray([.. findings.All.Select(finding => (JsonNode)Finding(document.Text, finding))]),
    };

    private static JsonObject Finding(string text, Finding finding)
    {
        var json = new JsonObject
        {
            ["kind"] = finding switch { QuoteFinding => "quote", ClaimFinding => "claim", QuestionFinding => "question", _ => "occasion" },
            ["ranges"] = new JsonArray([.. finding.Content.Select(range => (JsonNode)new JsonArray(range.Start, range.End))]),
            ["words"] = string.Join(" … ", finding.Content.Select(range => range.Of(text))),
            ["rule"] = finding.Rule,
        };
        switch (finding)
        {
            case AttributedFinding attributed:
                json["directness"] = Name(attributed.Directness);
                json["speaker"] = attributed.Source?.Name ?? attributed.Source?.Written?.Of(text);
                json["cue"] = attributed.Cue?.Of(text);
                json["parent"] = attributed.Parent;
                if (attributed is ClaimFinding claim)
                {
                    json["modality"] = Name(claim.Modality);
                }

                break;
            case QuestionFinding question:
                json["text"] = question.Text;
                json["questionKind"] = Name(question.Kind);
                json["expected"] = Expected(question.Expected);
                json["occasion"] = question.Occasion;
                break;
            case OccasionFinding occasion:
                json["what"] = occasion.What;
                json["expected"] = Expected(occasion.Expected);
                break;
        }

        return json;
    }

    private static JsonObject? Expected(DateInterval? interval) => interval is { } days
        ? new() { ["from"] = days.From.ToString("yyyy-MM-dd", null), ["to"] = days.To.ToString("yyyy-MM-dd", null) }
        : null;

    private static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
