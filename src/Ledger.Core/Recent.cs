namespace Ledger.Core;

/// <summary>
/// What was used lately, bounded by weight: two generations, of which the older is dropped when the younger is full; what is used again moves to the younger.
/// Not for use by several threads at once.
/// </summary>
internal sealed class Recent<TKey, TValue>(long maxWeight)
    where TKey : notnull
{
    private Dictionary<TKey, TValue> young = [];
    private Dictionary<TKey, TValue> old = [];
    private long weight;

    internal bool TryGet(TKey key, out TValue value)
    {
        if (young.TryGetValue(key, out value!))
        {
            return true;
        }

        if (!old.Remove(key, out value!))
        {
            return false;
        }

        young[key] = value;
        return true;
    }

    /// <summary>Adds or replaces; <paramref name="added"/> is what that adds to the weight of everything kept.</summary>
    internal void Set(TKey key, TValue value, long added)
    {
        weight += added;
        if (weight > maxWeight)
        {
            (old, young, weight) = (young, [], 0);
        }

        old.Remove(key);
        young[key] = value;
    }

    internal void Clear()
    {
        young.Clear();
        old.Clear();
        weight = 0;
    }
}
