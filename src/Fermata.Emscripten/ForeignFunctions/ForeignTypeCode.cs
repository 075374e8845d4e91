namespace Fermata.Emscripten.ForeignFunctions;

/// <summary>The numbers of libffi's types (<c>FFI_TYPE_…</c>).</summary>
internal enum ForeignTypeCode
{
    Void,
    Int,
    Float,
    Double,
    LongDouble,
    UInt8,
    SInt8,
    UInt16,
    SInt16,
    UInt32,
    SInt32,
    UInt64,
    SInt64,
    Struct,
    Pointer,
    Complex,
}
