using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Reckons over how much code the branches backward in a function go.</summary>
/// <remarks>
/// For each such branch the JIT visits all basic blocks between it and its target (some 2 ns each), so that its time grows with the square of the code.
/// In the run form they are those to the heads of loops; in the resume form also those from the code behind all other that restores frames, to call
/// sites and to the heads of loops.
/// </remarks>
internal sealed class BackwardBranches
{
    /// <summary>The blocks of cold code for a site: saving the frame, restoring it, going on.</summary>
    private const int ColdBlocksPerSite = 3;

    /// <summary>The branches from cold code for a site: to the head of the outermost loop, or to where it goes on from, and to the site.</summary>
    private const int BranchesPerSite = 2;

    /// <summary>For each open block the number of basic blocks before it, if it is a loop.</summary>
    private readonly List<int?> _heads = [];

    /// <summary>The branches from the cold code, and the number of blocks before their targets, added up.</summary>
    private long _coldBranches;
    private long _blocksBeforeTargets;
    private int _sites;
    private int _blocks;
    private long _visited;

    private BackwardBranches()
    {
    }

    /// <summary>How many blocks the branches backward go over, added up.</summary>
    /// <param name="code">The code of the function.</param>
    /// <param name="sites">The positions where it may be suspended, ascending.</param>
    public static long BlocksVisited(InstructionList code, List<int> sites)
    {
        var branches = new BackwardBranches();
        branches._heads.Add(null);
        for (var i = 0; i < code.Count; i++)
        {
            branches.Step(in code[i]);
            if (branches._sites < sites.Count && sites[branches._sites] == i)
                branches.AddSite();
        }

        return branches._visited + (branches._coldBranches * (branches._blocks + ((long)ColdBlocksPerSite * branches._sites))) - branches._blocksBeforeTargets;
    }

    private void Step(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Loop:
                _heads.Add(_blocks++);
                AddColdBranches(1);
                break;
            case Opcode.Block or Opcode.If or Opcode.Try or Opcode.TryTable:
                _heads.Add(null);
                _blocks++;
                break;
            case Opcode.End or Opcode.Delegate:
                _heads.RemoveAt(_heads.Count - 1);
                _blocks++;
                break;
            case Opcode.BrTable:
                _blocks++;
                foreach (var label in instruction.Labels!.Distinct())
                    AddBranch(label);
                break;
            default:
                if (instruction.Info.Immediate is Immediate.Label or Immediate.LabelAndCast)
                {
                    _blocks++;
                    AddBranch(instruction.Index);
                }

                break;
        }
    }

    private void AddBranch(int label)
    {
        if (_heads[^(label + 1)] is { } head)
            _visited += _blocks - head;
    }

    private void AddSite()
    {
        _sites++;
        _blocks++;
        AddColdBranches(BranchesPerSite);
    }

    private void AddColdBranches(int count)
    {
        _coldBranches += count;
        _blocksBeforeTargets += (long)count * _blocks;
    }
}
