using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Merging;

/// <summary>Puts the globals of all inputs in an order in which initial values read only globals that stand before.</summary>
/// <remarks>Section 3.5.3 "Globals": a global sees those before it. The order of the inputs stays where nothing speaks against it.</remarks>
internal sealed class GlobalOrder
{
    private readonly IReadOnlyList<MergeInput> _inputs;
    private readonly ImportResolution _imports;
    private readonly HashSet<Item> _begun = [];
    private readonly HashSet<Item> _done = [];

    /// <summary>Globals that wait for others, each for the one above it, with what they read and was not looked at yet.</summary>
    private readonly Stack<(Item Global, Queue<Item> Reads)> _waiting = [];

    private GlobalOrder(IReadOnlyList<MergeInput> inputs, ImportResolution imports)
    {
        _inputs = inputs;
        _imports = imports;
    }

    /// <summary>The globals that are no imports, in order.</summary>
    /// <exception cref="MergeException">Initial values read one another in a circle.</exception>
    public static List<Item> Of(IReadOnlyList<MergeInput> inputs, ImportResolution imports)
    {
        var order = new GlobalOrder(inputs, imports);
        var globals = new List<Item>();
        for (var input = 0; input < inputs.Count; input++)
        {
            var module = inputs[input].Definition;
            for (var i = module.ImportedGlobalCount; i < module.Globals.Count; i++)
                order.Add(new Item(input, ExternKind.Global, i), globals);
        }

        return globals;
    }

    /// <summary>The globals of an input that a constant expression reads, by their indices in it.</summary>
    public static List<int> Reads(ModuleDefinition module, ByteRange expression)
    {
        var globals = new List<int>();
        var reader = new InstructionReader(module.Bytes.Span, expression);
        var instruction = default(Instruction);
        while (reader.HasMore)
        {
            reader.Read(ref instruction);
            if (instruction.Opcode == Opcode.GlobalGet)
                globals.Add(instruction.Index);
        }

        return globals;
    }

    /// <summary>Adds a global after all that it reads; a chain of reads may be as long as the modules, so there is no recursion.</summary>
    private void Add(Item global, List<Item> globals)
    {
        Begin(global);
        while (_waiting.TryPeek(out var top))
        {
            if (top.Reads.TryDequeue(out var read))
            {
                Begin(read);
                continue;
            }

            _waiting.Pop();
            _done.Add(top.Global);
            globals.Add(top.Global);
        }
    }

    private void Begin(Item global)
    {
        if (_done.Contains(global) || _imports.IsImport(global))
            return;
        var input = _inputs[global.Input];
        if (!_begun.Add(global))
            throw new MergeException(input, $"the initial value of global {global.Index} depends on itself through globals of other modules");
        var initializer = input.Definition.Globals[global.Index].Initializer!.Value;
        var reads = Reads(input.Definition, initializer).Select(index => _imports.Target(global with { Index = index }));
        _waiting.Push((global, new Queue<Item>(reads)));
    }
}
