using System.Globalization;
using Fermata.Emscripten;

namespace Fermata.Samples.SqliteAsync;

/// <summary>SQLite's values as those of .NET: <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, arrays of bytes, and null.</summary>
internal sealed class SqliteValues
{
    private const int Integer = 1, Float = 2, Text = 3, Blob = 4;

    /// <summary>Has SQLite make a copy of what it is given.</summary>
    private const int Transient = -1;

    private readonly EmscriptenInstance _instance;
    private readonly Func<int, int> _type, _text, _blob, _length;
    private readonly Func<int, double> _double;
    private readonly Func<int, int, int> _columnType, _columnText, _columnBlob, _columnLength;
    private readonly Func<int, int, double> _columnDouble;

    public SqliteValues(EmscriptenInstance instance)
    {
        _instance = instance;
        (_type, _text, _blob, _length) = (Of("sqlite3_value_type"), Of("sqlite3_value_text"), Of("sqlite3_value_blob"), Of("sqlite3_value_bytes"));
        _double = instance.GetFunction<Func<int, double>>("sqlite3_value_double");
        (_columnType, _columnText) = (OfColumn("sqlite3_column_type"), OfColumn("sqlite3_column_text"));
        (_columnBlob, _columnLength) = (OfColumn("sqlite3_column_blob"), OfColumn("sqlite3_column_bytes"));
        _columnDouble = instance.GetFunction<Func<int, int, double>>("sqlite3_column_double");

        Func<int, int> Of(string name) => instance.GetFunction<Func<int, int>>(name);
        Func<int, int, int> OfColumn(string name) => instance.GetFunction<Func<int, int, int>>(name);
    }

    /// <summary>Reads a <c>sqlite3_value</c>.</summary>
    public object? Read(int value) => _type(value) switch
    {
        // As text: the program gives a number of 64 bits in two halves.
        Integer => long.Parse(_instance.Memory.ReadUtf8(_text(value)), CultureInfo.InvariantCulture),
        Float => _double(value),
        Text => _instance.Memory.ReadUtf8(_text(value), _length(value)),
        Blob => _instance.Memory.GetSpan(_blob(value), _length(value)).ToArray(),
        _ => null,
    };

    /// <summary>Reads a column of the row that a statement is at.</summary>
    public object? ReadColumn(int statement, int column) => _columnType(statement, column) switch
    {
        Integer => long.Parse(_instance.Memory.ReadUtf8(_columnText(statement, column)), CultureInfo.InvariantCulture),
        Float => _columnDouble(statement, column),
        Text => _instance.Memory.ReadUtf8(_columnText(statement, column), _columnLength(statement, column)),
        Blob => _instance.Memory.GetSpan(_columnBlob(statement, column), _columnLength(statement, column)).ToArray(),
        _ => null,
    };

    /// <summary>Gives a parameter of a statement its value.</summary>
    /// <returns>The result code.</returns>
    public int Bind(int statement, int parameter, object? value) => Put("sqlite3_bind_", [statement, parameter], value)[0].AsI32();

    /// <summary>Gives the result of a function.</summary>
    public void Return(int context, object? value) => Put("sqlite3_result_", [context], value);

    /// <summary>Has a function fail.</summary>
    public void Fail(int context, string message)
    {
        using var text = GuestBytes.OfText(_instance, message);
        _instance.GetFunction("sqlite3_result_error").Invoke(context, text.Address, text.Length);
    }

    private Value[] Put(string prefix, ReadOnlySpan<Value> target, object? value)
    {
        switch (value)
        {
            case null:
                return Call("null", target);
            case double number:
                return Call("double", [.. target, number]);
            case string text:
                using (var bytes = GuestBytes.OfText(_instance, text))
                    return Call("text", [.. target, bytes.Address, bytes.Length, Transient]);
            case byte[] blob:
                using (var bytes = GuestBytes.Of(_instance, blob))
                    return Call("blob", [.. target, bytes.Address, bytes.Length, Transient]);
            default:
                // In two halves, the lower one first.
                var integer = Convert.ToInt64(value, CultureInfo.InvariantCulture);
                return Call("int64", [.. target, (int)integer, (int)(integer >> 32)]);
        }

        Value[] Call(string suffix, ReadOnlySpan<Value> arguments) => _instance.GetFunction(prefix + suffix).Invoke(arguments);
    }
}
