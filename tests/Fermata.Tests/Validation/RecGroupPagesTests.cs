using System.Runtime.CompilerServices;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Tests.Validation;

public class RecGroupPagesTests
{
    private readonly RecGroupPages _pages = new();

    [Fact]
    public void Members_are_found_by_their_identities_over_pages()
    {
        var first = Add(0, 3);
        var second = Add(1022, 5000);
        Assert.Same(first.Members[2], _pages.Find(2));
        Assert.Null(_pages.Find(3));
        Assert.Null(_pages.Find(1021));
        Assert.Equal(second.Members, Enumerable.Range(1022, 5000).Select(_pages.Find));
        Assert.Null(_pages.Find(6022));
        Assert.Null(_pages.Find(int.MaxValue));
    }

    [Fact]
    public void Nothing_is_left_of_groups_that_are_gone()
    {
        var used = Add(2000, 1);
        WeakReference[] references = [AddUnused(0), AddUnused(1999), AddUnused(2001), AddUnused(5000)];
        GC.Collect();
        Assert.Null(_pages.Find(2001));
        _pages.Sweep();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.All(references, reference => Assert.False(reference.IsAlive));
        Assert.Same(used.Members[0], _pages.Find(2000));
    }

    private RecGroup Add(int firstId, int count)
    {
        var group = Make(firstId, count);
        _pages.Add(new RecGroupReference(group), count);
        return group;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference AddUnused(int firstId)
    {
        var reference = new RecGroupReference(Make(firstId, 1));
        _pages.Add(reference, 1);
        return new WeakReference(reference, trackResurrection: true);
    }

    private static RecGroup Make(int firstId, int count)
    {
        SubType[] members = [.. Enumerable.Repeat(new SubType(true, [], new FuncType([], [])), count)];
        var key = new RecGroupEncoder(0, _ => throw new InvalidOperationException()).Encode(members);
        return new RecGroup(key, members, firstId, 0, _ => throw new InvalidOperationException());
    }
}
