using CsCheck;
using Ledger.Core.Stories;

namespace Ledger.Core.Tests.Stories;

public sealed class SlugTests
{
    [Theory]
    [InlineData("harbour")]
    [InlineData("a")]
    [InlineData("csto-armenia-2022")]
    [InlineData("2022")]
    public void Groups_of_letters_and_digits_joined_by_hyphens_are_a_slug(string slug)
    {
        Slug.IsValid(slug).ShouldBeTrue();
        Slug.From(slug).ShouldBe(slug);
    }

    [Theory]
    [InlineData("CSTO & Armenia", "csto-armenia")]
    [InlineData("  Déjà vu!  ", "deja-vu")]
    [InlineData("Хроника", "story")]
    [InlineData("", "story")]
    [InlineData("---", "story")]
    [InlineData("A_b.c", "a-b-c")]
    public void A_name_has_a_nearest_slug(string name, string slug) => Slug.From(name).ShouldBe(slug);

    [Fact]
    public void A_slug_has_at_most_80_letters()
    {
        Slug.IsValid(new string('a', 80)).ShouldBeTrue();
        Slug.IsValid(new string('a', 81)).ShouldBeFalse();
        Slug.From(new string('a', 79) + "-bc").ShouldBe(new string('a', 79));
    }

    [Fact]
    public void The_nearest_slug_of_anything_is_a_slug() => Gen.String.Sample(name => Slug.IsValid(Slug.From(name)).ShouldBeTrue(), iter: 5_000);
}
