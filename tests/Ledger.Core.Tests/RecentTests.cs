namespace Ledger.Core.Tests;

public sealed class RecentTests
{
    [Fact]
    public void What_is_used_again_stays_and_what_is_not_goes()
    {
        var recent = new Recent<int, string>(10);
        for (var key = 0; key < 1_000; key++)
        {
            recent.Set(key, $"value {key}", 1);
            recent.TryGet(0, out var used).ShouldBeTrue();
            used.ShouldBe("value 0");
        }

        recent.TryGet(1, out _).ShouldBeFalse();
        Enumerable.Range(0, 1_000).Count(key => recent.TryGet(key, out _)).ShouldBeLessThanOrEqualTo(30, "two generations, and no more");
    }

    [Fact]
    public void A_value_that_is_replaced_is_the_new_one_in_either_generation()
    {
        var recent = new Recent<int, string>(2);
        recent.Set(1, "old", 1);
        recent.Set(2, "x", 1);
        recent.Set(3, "y", 1);
        recent.Set(1, "new", 1);
        recent.TryGet(1, out var value).ShouldBeTrue();
        value.ShouldBe("new");
        recent.Clear();
        recent.TryGet(1, out _).ShouldBeFalse();
    }
}
