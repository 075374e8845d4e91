using System.Globalization;

namespace Fermata.Emscripten.CppExceptions;

/// <summary>Reads the mangled name of a type (Itanium C++ ABI, "External Names"): classes, templates, pointers and numbers, but no functions, arrays and local classes.</summary>
internal sealed class TypeName
{
    /// <summary>What a name may be: a few letters can stand for names of any length.</summary>
    private const int MostDepth = 64, Longest = 1000;

    private const int DigitsOfNumber = 36;

    private const string AnonymousNamespace = "_GLOBAL__N";

    private static readonly Dictionary<string, string> Builtin = new()
    {
        ["v"] = "void",
        ["w"] = "wchar_t",
        ["b"] = "bool",
        ["c"] = "char",
        ["a"] = "signed char",
        ["h"] = "unsigned char",
        ["s"] = "short",
        ["t"] = "unsigned short",
        ["i"] = "int",
        ["j"] = "unsigned int",
        ["l"] = "long",
        ["m"] = "unsigned long",
        ["x"] = "long long",
        ["y"] = "unsigned long long",
        ["n"] = "__int128",
        ["o"] = "unsigned __int128",
        ["f"] = "float",
        ["d"] = "double",
        ["e"] = "long double",
        ["g"] = "__float128",
        ["Dn"] = "std::nullptr_t",
        ["Di"] = "char32_t",
        ["Ds"] = "char16_t",
        ["Du"] = "char8_t",
    };

    /// <summary>What stands behind the type that one is made of.</summary>
    private static readonly Dictionary<char, string> Compound = new() { ['P'] = "*", ['R'] = "&", ['O'] = "&&", ['K'] = " const", ['V'] = " volatile" };

    /// <summary>Names with abbreviations of their own (Itanium C++ ABI, "Compression").</summary>
    private static readonly Dictionary<char, string> Abbreviations = new()
    {
        ['a'] = "std::allocator",
        ['b'] = "std::basic_string",
        ['s'] = "std::string",
        ['i'] = "std::istream",
        ['o'] = "std::ostream",
        ['d'] = "std::iostream",
    };

    private readonly string _mangled;

    /// <summary>What has been read, and can be referred to.</summary>
    private readonly List<string> _substitutions = [];
    private int _next;
    private int _depth;

    private TypeName(string mangled) => _mangled = mangled;

    private char Current => _next < _mangled.Length ? _mangled[_next] : '\0';

    /// <summary>The name as it is written in C++; the mangled one where it cannot be told.</summary>
    public static string Demangle(string mangled)
    {
        // Types that only one library knows have a star in front.
        var name = new TypeName(mangled.TrimStart('*'));
        try
        {
            var text = name.ReadType();
            return name._next == name._mangled.Length ? text : mangled;
        }
        catch (FormatException)
        {
            return mangled;
        }
    }

    /// <exception cref="FormatException">It is not among what can be told.</exception>
    private string ReadType()
    {
        if (++_depth > MostDepth)
            throw new FormatException();
        var type = ReadTypeHere();
        _depth--;
        return type;
    }

    private string ReadTypeHere()
    {
        if (Current is 'N' or 'S' || char.IsAsciiDigit(Current))
            return ReadName();
        var first = Read();
        if (Compound.TryGetValue(first, out var behind))
            return Note(ReadType() + behind);
        return Builtin.GetValueOrDefault(first == 'D' ? $"{first}{Read()}" : first.ToString()) ?? throw new FormatException();
    }

    private string ReadName()
    {
        string name;
        if (!Take('N'))
        {
            name = Current == 'S' ? ReadSubstitution() : Note(ReadIdentifier());
            return Current == 'I' ? Note(name + ReadArguments()) : name;
        }

        name = Current == 'S' ? ReadSubstitution() : Note(ReadIdentifier());
        while (!Take('E'))
            name = Note(name + (Current == 'I' ? ReadArguments() : $"::{ReadIdentifier()}"));
        return name;
    }

    private string ReadIdentifier()
    {
        var start = _next;
        while (char.IsAsciiDigit(Current))
            _next++;
        if (!int.TryParse(_mangled.AsSpan(start.._next), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length == 0 || length > _mangled.Length - _next)
            throw new FormatException();
        var identifier = _mangled.Substring(_next, length);
        _next += length;
        return identifier.StartsWith(AnonymousNamespace, StringComparison.Ordinal) ? "(anonymous namespace)" : identifier;
    }

    private string ReadSubstitution()
    {
        Require('S');
        if (Take('t'))
            return char.IsAsciiDigit(Current) ? Note($"std::{ReadIdentifier()}") : "std";
        if (Abbreviations.TryGetValue(Current, out var known))
        {
            _next++;
            return known;
        }

        // The first one has no number, the second one 0.
        var index = 0;
        for (var number = 0; !Take('_'); index = number + 1)
            number = (number * DigitsOfNumber) + ReadDigit(number);
        return index < _substitutions.Count ? _substitutions[index] : throw new FormatException();
    }

    /// <param name="before">What the digits before it amount to, which is no more than there are substitutions.</param>
    private int ReadDigit(int before) => Read() switch
    {
        _ when before > _substitutions.Count => throw new FormatException(),
        >= '0' and <= '9' and var digit => digit - '0',
        >= 'A' and <= 'Z' and var letter => letter - 'A' + 10,
        _ => throw new FormatException(),
    };

    private string ReadArguments()
    {
        Require('I');
        var arguments = new List<string>();
        while (!Take('E'))
            arguments.Add(Current == 'L' ? ReadLiteral() : ReadType());
        return $"<{string.Join(", ", arguments)}>";
    }

    /// <summary>An integer: <c>Li5E</c>.</summary>
    private string ReadLiteral()
    {
        Require('L');
        var type = ReadType();
        var sign = Take('n') ? "-" : "";
        var start = _next;
        while (char.IsAsciiDigit(Current))
            _next++;
        var number = sign + _mangled[start.._next];
        Require('E');
        return (type, number) switch
        {
            ("bool", "0") => "false",
            ("bool", "1") => "true",
            ("int", _) => number,
            _ => $"({type}){number}",
        };
    }

    private string Note(string name)
    {
        if (name.Length > Longest)
            throw new FormatException();
        _substitutions.Add(name);
        return name;
    }

    private bool Take(char wanted)
    {
        if (Current != wanted)
            return false;
        _next++;
        return true;
    }

    private void Require(char wanted)
    {
        if (!Take(wanted))
            throw new FormatException();
    }

    private char Read() => _next < _mangled.Length ? _mangled[_next++] : throw new FormatException();
}
