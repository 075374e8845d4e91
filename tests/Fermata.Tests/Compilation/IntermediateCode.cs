using System.Reflection;
using System.Reflection.Emit;
using System.Text;

namespace Fermata.Tests.Compilation;

/// <summary>The IL of methods as text, in which members and types have their names instead of tokens.</summary>
internal static class IntermediateCode
{
    private static readonly Dictionary<ushort, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value);

    public static string Describe(MethodBase method)
    {
        var body = method.GetMethodBody()!;
        var text = new StringBuilder($"{method}: {string.Join(' ', body.LocalVariables)}; {string.Join(' ', body.ExceptionHandlingClauses)}\n");
        var code = new BinaryReader(new MemoryStream(body.GetILAsByteArray()!));
        while (code.BaseStream.Position < code.BaseStream.Length)
        {
            ushort value = code.ReadByte();
            var opCode = OpCodesByValue[value == 0xFE ? (ushort)(value << 8 | code.ReadByte()) : value];
            text.Append(opCode.Name).Append(' ').Append(Operand(opCode.OperandType, code, method.Module)).Append('\n');
        }

        return text.ToString();
    }

    private static string Operand(OperandType type, BinaryReader code, System.Reflection.Module module) => type switch
    {
        OperandType.InlineNone => "",
        OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType =>
            Name(module.ResolveMember(code.ReadInt32())!),
        OperandType.InlineSig => Convert.ToHexString(module.ResolveSignature(code.ReadInt32())),
        OperandType.InlineSwitch => Convert.ToHexString(code.ReadBytes(code.ReadInt32() * sizeof(int))),
        OperandType.InlineI8 or OperandType.InlineR => Convert.ToHexString(code.ReadBytes(sizeof(long))),
        OperandType.InlineVar => Convert.ToHexString(code.ReadBytes(sizeof(short))),
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => Convert.ToHexString(code.ReadBytes(1)),
        _ => Convert.ToHexString(code.ReadBytes(sizeof(int))),
    };

    private static string Name(MemberInfo member) => $"{member.DeclaringType?.FullName} {member}";
}
