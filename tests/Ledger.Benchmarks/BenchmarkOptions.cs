using System.Globalization;

namespace Ledger.Benchmarks;

/// <summary>What to measure, and for how long.</summary>
/// <param name="Only">One group (<c>append</c>, <c>follow</c>, <c>read</c>, <c>views</c>, <c>extract</c>, <c>marten</c>); null for all.</param>
/// <param name="Seconds">How long each append run lasts.</param>
/// <param name="Entries">The largest ledger that is read and rebuilt: 10⁵, or 10⁶ where it is asked for.</param>
internal sealed record BenchmarkOptions(string? Only, int Seconds, int Entries)
{
    internal static BenchmarkOptions Parse(string[] args)
    {
        var options = new BenchmarkOptions(null, 4, 100_000);
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--seconds" => options with { Seconds = int.Parse(args[++i], CultureInfo.InvariantCulture) },
                "--entries" => options with { Entries = int.Parse(args[++i], CultureInfo.InvariantCulture) },
                var group => options with { Only = group },
            };
        }

        return options;
    }
}

/// <summary>One line of the table.</summary>
internal sealed record Row(string What, string Here, string Beside = "", string Ratio = "", string Goal = "");

internal static class Figures
{
    internal static string PerSecond(double count, TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{count / time.TotalSeconds:N0}/s");

    internal static string Ratio(double here, double beside) => string.Create(CultureInfo.InvariantCulture, $"{here / beside:0.00}");

    internal static string Milliseconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.00} ms");

    /// <summary>The value below which a share of the samples lies.</summary>
    internal static double Percentile(List<double> samples, double share)
    {
        samples.Sort();
        return samples[Math.Min(samples.Count - 1, (int)(samples.Count * share))];
    }
}
