using System.Globalization;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.ForeignFunctions;

/// <summary>A type of libffi (<c>ffi_type</c>), as C passes its values in WebAssembly.</summary>
/// <param name="Code">Its number, that of the only member if it is a structure of one.</param>
/// <param name="Size">The size of a value in bytes.</param>
/// <param name="Alignment">What the address of a value is a multiple of.</param>
internal readonly record struct ForeignType(ForeignTypeCode Code, int Size, int Alignment)
{
    /// <summary>Larger values would not fit on a stack.</summary>
    private const int MostBytes = 1 << 20;

    /// <summary>Structures in structures beyond these are none that a compiler made.</summary>
    private const int DeepestNesting = 100;

    /// <summary>How a value is loaded, and the type that it has then; null for what is not passed as one value of WebAssembly.</summary>
    public (string Load, string Store, ValType Type)? Scalar => Code switch
    {
        ForeignTypeCode.UInt8 => ("i32.load8_u", "i32.store8", ValType.I32),
        ForeignTypeCode.SInt8 => ("i32.load8_s", "i32.store8", ValType.I32),
        ForeignTypeCode.UInt16 => ("i32.load16_u", "i32.store16", ValType.I32),
        ForeignTypeCode.SInt16 => ("i32.load16_s", "i32.store16", ValType.I32),
        ForeignTypeCode.Int or ForeignTypeCode.UInt32 or ForeignTypeCode.SInt32 or ForeignTypeCode.Pointer => ("i32.load", "i32.store", ValType.I32),
        ForeignTypeCode.UInt64 or ForeignTypeCode.SInt64 => ("i64.load", "i64.store", ValType.I64),
        ForeignTypeCode.Float => ("f32.load", "f32.store", ValType.F32),
        ForeignTypeCode.Double => ("f64.load", "f64.store", ValType.F64),
        _ => null,
    };

    /// <summary>Whether it is an integer without a sign, or an address.</summary>
    public bool IsUnsigned => Code is ForeignTypeCode.UInt8 or ForeignTypeCode.UInt16 or ForeignTypeCode.UInt32 or ForeignTypeCode.UInt64 or ForeignTypeCode.Pointer or ForeignTypeCode.Struct;

    /// <summary>Whether a result is written to where the first parameter points.</summary>
    public bool IsReturnedInMemory => Code is ForeignTypeCode.LongDouble or ForeignTypeCode.Struct;

    /// <summary>The parameters that a parameter is for WebAssembly.</summary>
    public ValType[] Parameters => Scalar is { } scalar ? [scalar.Type] : Code switch
    {
        ForeignTypeCode.LongDouble => [ValType.I64, ValType.I64],
        ForeignTypeCode.Struct => [ValType.I32],
        _ => [],
    };

    /// <summary>What tells it apart from other types.</summary>
    public string Key => Code == ForeignTypeCode.Struct ? string.Create(CultureInfo.InvariantCulture, $"{(int)Code}.{Size}.{Alignment}") : ((int)Code).ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads a type: size (4 bytes), alignment (2), number (2), and the list of a structure's members, which ends with zero.</summary>
    /// <exception cref="NotSupportedException">C has no such values in WebAssembly.</exception>
    public static ForeignType Read(Caller caller, int address)
    {
        const int alignment = 4, code = 6, members = 8;
        for (var depth = 0; depth < DeepestNesting; depth++)
        {
            var found = (ForeignTypeCode)caller.Read<ushort>(address + code);
            if (found == ForeignTypeCode.Struct)
            {
                var list = caller.Read<int>(address + members);
                var first = caller.Read<int>(list);
                if (first == 0)
                    return new ForeignType(ForeignTypeCode.Void, 0, 1);
                if (caller.Read<int>(list + sizeof(int)) == 0)
                {
                    address = first;
                    continue;
                }
            }

            var (size, aligned) = (caller.Read<int>(address), Math.Max((int)caller.Read<ushort>(address + alignment), 1));
            return found < ForeignTypeCode.Complex && size is >= 0 and <= MostBytes && int.IsPow2(aligned)
                ? new ForeignType(found, size, aligned)
                : throw new NotSupportedException($"libffi's type {(int)found}{(found == ForeignTypeCode.Complex ? " (complex numbers)" : "")} of {size} bytes, aligned to {aligned}, cannot be passed.");
        }

        throw new NotSupportedException($"A structure of libffi is in itself, or more than {DeepestNesting} structures deep.");
    }
}
