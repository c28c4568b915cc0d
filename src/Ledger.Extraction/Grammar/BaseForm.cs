using System.Collections.Frozen;
using Ledger.Extraction.Attribution.Lexicon;

namespace Ledger.Extraction.Grammar;

/// <summary>The base form of a verb ("agreed" → "agree"), for sentences that are turned into questions. Only where it is certain: a question is better left unturned than misspelt.</summary>
internal static class BaseForm
{
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Irregular = Build().GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Bases =
        Build().Values.Concat(CueVerbs.Forms.Values.Select(verb => verb.Lemma)).ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a word is known as the base form of a verb.</summary>
    public static bool Is(ReadOnlySpan<char> word) => Bases.Contains(word);

    /// <summary>The base of a past, participle or third-person form; null where the spelling does not tell.</summary>
    public static string? Of(ReadOnlySpan<char> form)
    {
        if (Irregular.TryGetValue(form, out var known))
            return known;
        if (CueVerbs.Forms.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(form, out var cue))
            return cue.Lemma;
        if (form is not [.., 'e', 'd'] || form.Length < 5)
            return null;
        var stem = form[..^2];
        return stem switch
        {
            [.., 'i'] => $"{stem[..^1]}y",
            [.., 'e'] => $"{stem}e",
            // stopped, banned, occurred; but called, passed, added.
            [.., var a, var b] when a == b && b is 'b' or 'd' or 'g' or 'm' or 'n' or 'p' or 'r' or 't' && stem is not "add" => new string(stem[..^1]),
            [.., 'c' or 'v' or 'u' or 'z'] => $"{stem}e",
            [.., 'r' or 'n' or 'd' or 'l', 'g'] => stem is [.., 'n', 'g'] && !(stem.EndsWith("chang") || stem.EndsWith("rang") || stem.EndsWith("veng") || stem.EndsWith("leng")) ? null : $"{stem}e",
            [.., 'a' or 'i' or 'u', 's'] => $"{stem}e",
            [.., 'p' or 'b', 'l'] => $"{stem}e",
            [.., var v, 'a', 't'] when stem.Length > 3 && v is not 'e' => $"{stem}e",
            [.., 'i' or 'u' or 'a', 'r'] when stem is not [.., 'e' or 'a' or 'o', 'i' or 'a', 'r'] => $"{stem}e",
            [.., 's' or 'l' or 'f' or 'z', 's' or 'l' or 'f' or 'z'] => new string(stem),
            [.., 'c' or 's', 'h'] or [.., 'c' or 's' or 'r' or 'l' or 'n', 'k'] or [.., 'c' or 'p' or 'n' or 'r' or 's' or 'l', 't'] or [.., 'n' or 'l', 'd'] or [.., 'e' or 'a', 'd'] => new string(stem),
            [.., 'a' or 'o' or 'e', 'i' or 'o' or 'a', 'n' or 'l' or 't' or 'm' or 'r' or 'd'] or [.., 'w' or 'y' or 'x'] or [.., 'e', 'r' or 'n' or 'm' or 'l'] or [.., 'r', 'm' or 'n'] => new string(stem),
            _ => null,
        };
    }

    private static FrozenDictionary<string, string> Build()
    {
        const string verbs =
            "went:go came:come made:make took:take gave:give got:get saw:see won:win lost:lose led:lead left:leave met:meet ran:run kept:keep held:hold began:begin became:become sent:send stood:stand "
            + "paid:pay built:build spent:spend fell:fall rose:rise grew:grow broke:break drew:draw drove:drive chose:choose brought:bring bought:buy caught:catch fought:fight sought:seek taught:teach "
            + "hit:hit cut:cut let:let put:put set:set hurt:hurt cost:cost beat:beat struck:strike sold:sell heard:hear wore:wear threw:throw flew:fly rode:ride hung:hang dealt:deal laid:lay meant:mean "
            + "knew:know thought:think said:say told:tell found:find wrote:write shot:shoot fled:flee felt:feel bore:bear swore:swear withdrew:withdraw understood:understand "
            + "gone:go taken:take given:give seen:see been:be done:do begun:begin fallen:fall risen:rise grown:grow broken:break drawn:draw driven:drive chosen:choose worn:wear thrown:throw flown:fly "
            + "known:know written:write shown:show spoken:speak withdrawn:withdraw "
            + "died:die lied:lie tied:tie used:use lived:live moved:move closed:close opened:open happened:happen ended:end ordered:order visited:visit entered:enter limited:limit edited:edit added:add "
            + "developed:develop delivered:deliver considered:consider offered:offer suffered:suffer discovered:discover crossed:cross helped:help worked:work asked:ask planned:plan caused:cause "
            + "has:have goes:go does:do makes:make takes:take gives:give gets:get sees:see wins:win loses:lose leads:lead leaves:leave meets:meet puts:put runs:run keeps:keep holds:hold begins:begin becomes:become "
            + "sends:send stands:stand pays:pay comes:come wants:want needs:need seems:seem appears:appear remains:remain continues:continue includes:include contains:contain helps:help faces:face plans:plan "
            + "works:work lives:live plays:play uses:use tries:try moves:move owns:own knows:know signed:sign resigned:resign assigned:assign attacked:attack exploded:explode collapsed:collapse";
        return verbs.Split(' ').Select(pair => pair.Split(':')).DistinctBy(pair => pair[0]).ToFrozenDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
    }
}
