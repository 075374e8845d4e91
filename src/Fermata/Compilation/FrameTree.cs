using System.Runtime.InteropServices;

namespace Fermata.Compilation;

/// <summary>The frames of a function. Those that begin with the same values are paths that begin with the same nodes.</summary>
/// <remarks>
/// Code that saves or restores a value is emitted for each node (<see cref="FramePaths"/>), not for each site, so frames are to begin alike: a local comes
/// before those that are live at fewer sites. In CPython there are 4 times fewer nodes than values to save over all sites, in Ruby 18 times.
/// </remarks>
internal sealed class FrameTree
{
    private readonly Dictionary<(FrameNode Parent, Variable Variable), FrameNode> _nodes = [];
    private readonly FrameNode _root = FrameNode.NewRoot();

    /// <summary>The frame with these values: the locals among them by rank, and then the others as they stand.</summary>
    public FrameNode Find(List<Variable> values)
    {
        var node = _root;
        foreach (var value in values.OrderBy(value => value.Rank))
        {
            ref var next = ref CollectionsMarshal.GetValueRefOrAddDefault(_nodes, (node, value), out _);
            node = next ??= node.Append(value);
        }

        return node;
    }

    /// <summary>Ranks the locals of a function: the one that is live at most sites comes first.</summary>
    /// <param name="locals">The locals.</param>
    /// <param name="liveAt">Which are live at each site.</param>
    public static void Rank(Variable[] locals, Dictionary<int, BitSet> liveAt)
    {
        var sites = new int[locals.Length];
        var members = new List<int>();
        foreach (var (_, live) in liveAt)
        {
            members.Clear();
            live.AddTo(members);
            foreach (var local in members)
                sites[local]++;
        }

        var order = new int[locals.Length];
        for (var local = 0; local < order.Length; local++)
            order[local] = local;
        Array.Sort(order, (a, b) => sites[a] != sites[b] ? sites[b].CompareTo(sites[a]) : a.CompareTo(b));
        for (var rank = 0; rank < order.Length; rank++)
            locals[order[rank]].Rank = rank;
    }
}
