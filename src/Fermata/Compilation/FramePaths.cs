using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>Code for the values of many frames: from the last value of a frame to its first, and then to an end that all have in common.</summary>
/// <param name="il">Where to.</param>
/// <param name="emitValue">Emits the code for one value.</param>
/// <param name="end">The end.</param>
internal sealed class FramePaths(ILGenerator il, Action<FrameNode> emitValue, Label end)
{
    private readonly Dictionary<FrameNode, Label> _emitted = [];

    /// <summary>Emits the code for a frame, up to where that of another goes on the same way.</summary>
    public void Emit(FrameNode frame)
    {
        var node = frame;
        for (; node.Parent is { } parent; node = parent)
        {
            if (_emitted.TryGetValue(node, out var shared))
            {
                il.Emit(OpCodes.Br, shared);
                return;
            }

            var label = il.DefineLabel();
            _emitted.Add(node, label);
            il.MarkLabel(label);
            emitValue(node);
        }

        il.Emit(OpCodes.Br, end);
    }
}
