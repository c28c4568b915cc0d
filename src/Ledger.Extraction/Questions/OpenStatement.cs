using Ledger.Core.Entries;

namespace Ledger.Extraction.Questions;

/// <summary>A statement that something is open, before duplicates and expected days are looked at.</summary>
/// <param name="First">Its first token.</param>
/// <param name="End">The token after its last.</param>
/// <param name="Rule">The rule that found it.</param>
/// <param name="Text">What is open, as a question.</param>
internal sealed record OpenStatement(int First, int End, string Rule, QuestionKind Kind, string Text);
