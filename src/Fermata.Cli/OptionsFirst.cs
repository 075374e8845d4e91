using System.CommandLine;
using Fermata.Structure;

namespace Fermata.Cli;

/// <summary>Options of a command that stand before its first argument: whatever stands behind that is for the program that it runs, options too.</summary>
internal static class OptionsFirst
{
    /// <summary>Puts <c>--</c>, behind which everything is an argument, before the first argument.</summary>
    /// <param name="command">The command.</param>
    /// <param name="words">What stands behind its name.</param>
    /// <exception cref="CommandException">An option is unknown.</exception>
    public static IEnumerable<string> Separate(Command command, string[] words)
    {
        var count = 0;
        while (count < words.Length && words[count] is ['-', _, ..] and not (PythonProgram.CodeOption or PythonProgram.ModuleOption) and var word)
        {
            if (word == "--")
                return words;
            var name = word.Split('=', ':')[0];
            var option = Find(command, name)
                ?? throw CommandException.Usage($"unknown option '{HostileText.Printable(word)}'; those of a program stand behind its file.");
            count += option.Arity.MaximumNumberOfValues > 0 && name == word ? 2 : 1;
        }

        return count < words.Length ? [.. words[..count], "--", .. words[count..]] : words;
    }

    /// <summary>An option of the command, or of one above it whose options its commands have, too.</summary>
    private static Option? Find(Command command, string name)
    {
        foreach (var option in command.Options)
        {
            if (option.Name == name || option.Aliases.Contains(name))
                return option;
        }

        foreach (var parent in command.Parents)
        {
            foreach (var option in parent is Command above ? above.Options : [])
            {
                if (option.Recursive && (option.Name == name || option.Aliases.Contains(name)))
                    return option;
            }
        }

        return null;
    }
}
