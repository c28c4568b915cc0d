using System.Text;

namespace Ledger.Intake.Tests;

/// <summary>A folder to put files in, and what becomes of them.</summary>
public sealed class Files : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("intake").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string At(string name) => Path.Combine(Folder, name);

    public string Put(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    public string Put(string name, string text) => Put(name, Encoding.UTF8.GetBytes(text));

    public async Task<FrozenDocument> Freeze(string name, string text, IntakeOptions? options = null) =>
        (await IntakeFile.Read(Put(name, text), options ?? IntakeOptions.None)).ShouldBeOfType<FrozenDocument>();

    public Task<IntakeProblem> Refuse(string name, string text) => Refuse(name, Encoding.UTF8.GetBytes(text));

    public async Task<IntakeProblem> Refuse(string name, byte[] bytes) => (await IntakeFile.Read(Put(name, bytes), IntakeOptions.None)).ShouldBeOfType<IntakeProblem>();

    public Task<IReadOnlyList<IntakeResult>> Walk(params string[] paths) => IntakeFolder.Read(paths.Length == 0 ? [Folder] : paths, IntakeOptions.None);
}
