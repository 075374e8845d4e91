namespace Fermata.Samples;

/// <summary>The stack that C code keeps in linear memory. It grows down; a global of the module points to its end.</summary>
public sealed class CStack
{
    private readonly Memory _memory;
    private readonly Global _pointer;
    private readonly int _top;

    public CStack(Instance instance)
    {
        _memory = instance.GetMemory("memory");
        _pointer = instance.GetGlobal("__stack_pointer");
        _top = _pointer.Value.AsI32();
    }

    /// <summary>Copies what is on the stack, and leaves it empty for other calls.</summary>
    public Slice TakeAway()
    {
        var pointer = _pointer.Value.AsI32();
        var bytes = _memory.GetSpan(pointer, _top - pointer).ToArray();
        _pointer.Value = _top;
        return new Slice(pointer, bytes);
    }

    /// <summary>Writes it back to where it was: C has addresses into it.</summary>
    public void PutBack(Slice slice)
    {
        slice.Bytes.CopyTo(_memory.GetSpan(slice.Pointer, slice.Bytes.Length));
        _pointer.Value = slice.Pointer;
    }

    /// <summary>What one call has on the stack.</summary>
    public sealed record Slice(int Pointer, byte[] Bytes);
}
