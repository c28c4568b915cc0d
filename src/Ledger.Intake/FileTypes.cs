using System.Runtime.InteropServices;

namespace Ledger.Intake;

/// <summary>What a path leads to, as the system says without opening it: opening a pipe that nobody writes to waits for ever.</summary>
public static class FileTypes
{
    private const int RelativeToFolder = -100;
    private const uint Type = 1;

    // In struct statx, the same on every architecture.
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>Whether it is a pipe, a socket or a device. False for a file, a folder, and where nothing is or can be seen; links are followed. Told on Linux only.</summary>
    public static bool IsSpecial(string path)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var status = new byte[256];
        return Status(RelativeToFolder, path, 0, Type, status) == 0 && (BitConverter.ToUInt16(status, ModeOffset) & TypeMask) is not (Regular or Folder);
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Status(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [In, Out] byte[] status);
}
