using System.Reflection;
using Ledger.Core.Entries;

namespace Ledger.Cli;

/// <summary>This program, as a recorder.</summary>
internal static class Programs
{
    internal static string Version { get; } =
        typeof(Programs).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    internal static Recorder Cli(string? onBehalfOf = null) => Recorder.Program("ledger", Version, onBehalfOf);
}
