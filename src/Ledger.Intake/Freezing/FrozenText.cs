using System.Security.Cryptography;
using System.Text;

namespace Ledger.Intake.Freezing;

/// <summary>The one way to frozen text: drop a BOM, decode UTF-8 strictly, CRLF and CR to LF, and nothing else. Never NFC: quoted words stay as filed.</summary>
internal static class FrozenText
{
    private static readonly UTF8Encoding Strict = new(false, true);

    public static string Decode(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
            throw new Refusal(IntakeCodes.Empty, "The file is empty.");
        RefuseBinary(source);
        var bom = source.StartsWith("\uFEFF"u8) ? 3 : 0;
        try
        {
            return Normalise(Strict.GetString(source[bom..]));
        }
        catch (DecoderFallbackException)
        {
            var offset = bom + FirstInvalid(source[bom..]);
            throw new Refusal(IntakeCodes.NotUtf8, $"The file is not UTF-8: the byte at offset {offset} does not fit.",
                "Save it again as UTF-8.", LineAt(source, offset));
        }
    }

    public static string Normalise(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    public static void RefuseUnfit(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new Refusal(IntakeCodes.Blank, "The file has no words in it.");
        var size = Encoding.UTF8.GetByteCount(text);
        if (size > IntakeFile.MaxTextBytes)
            throw TooLarge(size);
    }

    public static Refusal TooLarge(long size) => new(IntakeCodes.TooLarge,
        FormattableString.Invariant($"The text is {size} bytes; a document holds at most {IntakeFile.MaxTextBytes}."), "File it in parts.");

    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static void RefuseBinary(ReadOnlySpan<byte> source)
    {
        string? kind = source switch
        {
            _ when source.StartsWith("%PDF-"u8) => "a PDF",
            _ when source.StartsWith("PK\u0003\u0004"u8) => "a ZIP archive or an office document such as DOCX",
            _ when source.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) => "a PNG image",
            _ when source.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) => "a JPEG image",
            _ when source.StartsWith("GIF8"u8) => "a GIF image",
            _ when source.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || source.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) => "UTF-16 text",
            _ => null,
        };
        if (kind is not null)
            throw new Refusal(IntakeCodes.Binary, $"The file looks like {kind}, not UTF-8 text.", "Save it as UTF-8 text or HTML.");
        var nul = source.IndexOf((byte)0);
        if (nul >= 0)
            throw new Refusal(IntakeCodes.Binary, FormattableString.Invariant($"The file is binary: it has a NUL byte at offset {nul}."),
                "Save it as UTF-8 text or HTML.", LineAt(source, nul));
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var used) == System.Buffers.OperationStatus.Done)
            at += used;
        return at;
    }

    /// <summary>The 1-based line of a byte offset; CRLF, CR and LF each end one line.</summary>
    private static int LineAt(ReadOnlySpan<byte> bytes, int offset)
    {
        var line = 1;
        for (var i = 0; i < offset; i++)
            if (bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 >= bytes.Length || bytes[i + 1] != '\n')))
                line++;
        return line;
    }
}
