using System.Runtime.Intrinsics;
using Fermata.Structure;

namespace Fermata.Validation;

/// <content>The lanes that vector instructions name (section 3.4.11 "Vector Instructions").</content>
internal sealed partial class CodeValidator
{
    private void CheckLane(InstructionInfo info)
    {
        var lanes = Vector128<byte>.Count >> info.Width;
        if (_instruction.Lane >= lanes)
            throw Invalid($"invalid lane index: {_instruction.Lane}, and there are {lanes} lanes");
    }

    private void CheckShuffle()
    {
        const byte Lanes = 32;
        if (Vector128.GreaterThanOrEqualAny(_instruction.Vector, Vector128.Create(Lanes)))
            throw Invalid($"invalid lane index: {_instruction.Vector}, and there are {Lanes} lanes");
    }
}
