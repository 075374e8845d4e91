using System.Buffers.Binary;
using System.Text;

namespace Fermata.Emscripten.Tests;

/// <summary>What a server answers to a simple query.</summary>
/// <param name="Rows">The rows of all statements: values with a bar between them, in the text format.</param>
/// <param name="Tags">What each statement did.</param>
/// <param name="Error">What went wrong: a code (SQLSTATE) and a message.</param>
/// <param name="Status">I outside of a transaction, T in one, E in one that has failed.</param>
internal sealed record PostgresResult(List<string> Rows, List<string> Tags, string? Error, char Status)
{
    /// <summary>Reads messages.</summary>
    public static PostgresResult Parse(ReadOnlyMemory<byte> messages)
    {
        var result = new PostgresResult([], [], null, '?');
        for (var rest = messages; !rest.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest.Span[1..]);
            var content = rest.Span[(1 + sizeof(int))..(1 + length)];
            switch ((char)rest.Span[0])
            {
                case 'D':
                    result.Rows.Add(RowOf(content));
                    break;
                case 'C':
                    result.Tags.Add(TextOf(content));
                    break;
                case 'E':
                    var fields = Encoding.UTF8.GetString(content).Split('\0');
                    result = result with { Error = $"{FieldOf(fields, 'C')} {FieldOf(fields, 'M')}" };
                    break;
                case 'Z':
                    result = result with { Status = (char)content[0] };
                    break;
            }

            rest = rest[(1 + length)..];
        }

        return result;
    }

    private static string RowOf(ReadOnlySpan<byte> content)
    {
        var values = new string[BinaryPrimitives.ReadInt16BigEndian(content)];
        content = content[sizeof(short)..];
        for (var index = 0; index < values.Length; index++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(content);
            content = content[sizeof(int)..];
            values[index] = length < 0 ? "NULL" : Encoding.UTF8.GetString(content[..length]);
            content = content[Math.Max(length, 0)..];
        }

        return string.Join('|', values);
    }

    private static string TextOf(ReadOnlySpan<byte> content) => Encoding.UTF8.GetString(content[..content.IndexOf((byte)0)]);

    private static string FieldOf(string[] fields, char kind) => Array.Find(fields, field => field.StartsWith(kind))![1..];
}
