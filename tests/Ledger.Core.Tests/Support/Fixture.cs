namespace Ledger.Core.Tests.Support;

/// <summary>
/// Bytes that hold a format still. A fixture is never rewritten by a test: a new one is copied by hand from where a failing test has put it, and read before it is committed.
/// </summary>
internal static class Fixture
{
    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", name);

    internal static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    internal static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFiles(PathOf(folder)).Select(path => $"{folder}/{Path.GetFileName(path)}").Order(StringComparer.Ordinal);

    internal static void ShouldHold(string name, ReadOnlySpan<byte> actual)
    {
        if (File.Exists(PathOf(name)) && File.ReadAllBytes(PathOf(name)).AsSpan().SequenceEqual(actual))
        {
            return;
        }

        var received = Path.Combine(AppContext.BaseDirectory, "received", name);
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllBytes(received, actual);
        Assert.Fail($"The bytes are not those of fixtures/{name}. What this program makes of it was written to {received}: a format that was released never changes.");
    }
}
