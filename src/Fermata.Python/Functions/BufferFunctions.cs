using System.Runtime.InteropServices;
using System.Text;
using Fermata.Emscripten;
using Fermata.Python.Interop;
using Fermata.Python.Views;

namespace Fermata.Python.Functions;

/// <summary>Arrays of numbers: those of .NET, which Python copies from and to, and buffers of Python, which become arrays.</summary>
internal static class BufferFunctions
{
    public static void Define(EmscriptenHost host, Interpreter python)
    {
        // Texts of one letter each, for as long as the interpreter lives. Made when they are needed, as interpreters that begin with an image run nothing before.
        var formats = new Lazy<int>(() => python.NewText(string.Join('\0', BufferView.Formats.Values)));
        host
            .Define("jslib_init_buffers_js", () => 0)
            .Define("JsBuffer_get_info", (object? buffer, int byteLength, int format, int itemSize, int isChecked) =>
            {
                var type = buffer!.GetType().GetElementType()!;
                python.Memory.Write(byteLength, BufferView.BytesOf(buffer).Length);
                python.Memory.Write(format, formats.Value + (2 * BufferView.Formats.Keys.Index().First(each => each.Item == type).Index));
                python.Memory.Write(itemSize, Marshal.SizeOf(type));
                python.Memory.Write(isChecked, (byte)1);
            })
            .Define("JsvBuffer_assignToPtr", (object? buffer, int address) => python.Try(() =>
            {
                var bytes = BufferView.BytesOf(buffer!);
                bytes.CopyTo(python.Memory.GetSpan(address, bytes.Length));
                return 0;
            }))
            .Define("JsvBuffer_assignFromPtr", (object? buffer, int address) => python.Try(() =>
            {
                var bytes = BufferView.BytesOf(buffer!);
                python.Memory.GetSpan(address, bytes.Length).CopyTo(bytes);
                return 0;
            }))
            .Define("JsBuffer_DecodeString_js", object? (object? buffer, int encoding) =>
                python.Try(() => Encoding.GetEncoding(encoding == 0 ? "utf-8" : python.ReadText(encoding)).GetString(BufferView.BytesOf(buffer!))))
            .Define("_python2js_buffer_inner", object? (int buffer, int itemSize, int dimensions, int format, int shape, int strides, int suboffsets) =>
                python.Try(() => ArrayOf(python, buffer, itemSize, dimensions, python.ReadText(format), shape, strides)));
    }

    /// <summary>The items of a buffer: an array for one dimension, lists of arrays for more.</summary>
    private static object ArrayOf(Interpreter python, int address, int itemSize, int dimensions, string format, int shape, int strides)
    {
        var type = BufferView.Formats.FirstOrDefault(each => format.TrimStart('@', '=', '<') == each.Value.ToString()).Key
            ?? (format is "" or "c" or "?" ? typeof(byte) : format is "l" ? typeof(int) : format is "L" ? typeof(uint) : throw new NotSupportedException($"Buffers of the format {format} have no type of .NET."));
        if (dimensions == 0)
            dimensions = 1;
        var length = shape == 0 ? 1 : python.Memory.Read<int>(shape);
        var stride = strides == 0 ? itemSize : python.Memory.Read<int>(strides);
        if (dimensions > 1)
            return Enumerable.Range(0, length).Select(index => (object?)ArrayOf(python, address + (index * stride), itemSize, dimensions - 1, format, shape + sizeof(int), strides + sizeof(int))).ToList();
        var array = Array.CreateInstance(type, length);
        python.HostMemory?.Charge(array, (long)length * itemSize);
        var bytes = BufferView.BytesOf(array);
        for (var index = 0; index < length; index++)
            python.Memory.GetSpan(address + (index * stride), itemSize).CopyTo(bytes[(index * itemSize)..]);
        return array;
    }
}
