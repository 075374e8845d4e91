using System.Text;
using Fermata.Text;

namespace Fermata.Wast;

/// <summary>Reads the commands of a script.</summary>
internal sealed partial class WastParser(TokenCursor cursor)
{
    private static readonly string[] ModuleFields =
        ["type", "rec", "import", "func", "table", "memory", "global", "tag", "export", "start", "elem", "data"];

    /// <summary>Commands are read recursively; the suite nests three threads.</summary>
    private const int MaxThreadDepth = 100;

    private int _threadDepth;

    public List<WastCommand> ParseScript()
    {
        var commands = new List<WastCommand>();
        if (AtModuleField())
        {
            // A script may consist of the fields of one module and nothing else.
            commands.Add(new ModuleCommand(WastModule.FromFields(null, Line, cursor), false, Line));
            while (cursor.Kind == TokenKind.LeftParen)
                cursor.Skip();
        }

        while (cursor.Kind != TokenKind.End)
            commands.Add(ParseCommand());
        return commands;
    }

    private int Line => cursor.Source.LineOf(cursor.Offset);

    private bool AtModuleField() => Array.Exists(ModuleFields, keyword => cursor.AtForm(Encoding.ASCII.GetBytes(keyword)));

    private WastCommand ParseCommand()
    {
        var line = Line;
        var open = cursor.Position;
        cursor.TakeOpen();
        var keyword = cursor.TakeKeyword();
        var command = ParseCommand(keyword, line, open);
        cursor.TakeClose();
        return command;
    }

    private WastCommand ParseCommand(string keyword, int line, int open)
    {
        switch (keyword)
        {
            case "module":
                return ParseModuleCommand(line, open);
            case "register":
                return new RegisterCommand(TakeName(), cursor.TryTakeIdentifier(), line);
            case "invoke" or "get":
                return new ActionCommand(ParseAction(keyword), line);
            case "assert_return":
                return ParseAssertReturn(line);
            case "assert_exception":
                return new AssertExceptionCommand(TakeAction(), line);
            case "assert_trap" or "assert_exhaustion":
                return ParseAssertTrap(keyword, line);
            case "assert_malformed" or "assert_invalid" or "assert_malformed_custom" or "assert_invalid_custom" or "assert_unlinkable":
                return new AssertModuleCommand(keyword, TakeModule(), TakeName(), line);
            case "thread":
                return ParseThread(line);
            case "wait":
                return new WaitCommand(cursor.TryTakeIdentifier() ?? throw cursor.Unexpected(), line);
            case "assert_suspension":
                return Unsupported(keyword, "stack switching", line, open);
            default:
                cursor.Position = open + 1;
                throw cursor.Malformed($"unknown command {keyword}");
        }
    }

    private ThreadCommand ParseThread(int line)
    {
        if (++_threadDepth > MaxThreadDepth)
            throw cursor.MalformedPrevious("threads nested too deeply");
        var name = cursor.TryTakeIdentifier();
        var shared = new List<string?>();
        while (cursor.TryTakeForm("shared"u8))
        {
            cursor.TakeForm("module"u8);
            shared.Add(cursor.TryTakeIdentifier());
            cursor.TakeClose();
            cursor.TakeClose();
        }

        var commands = new List<WastCommand>();
        while (cursor.Kind == TokenKind.LeftParen)
            commands.Add(ParseCommand());
        _threadDepth--;
        return new ThreadCommand(name, [.. shared], commands, line);
    }

    private WastCommand ParseModuleCommand(int line, int open)
    {
        if (cursor.TryTake("instance"u8))
            return new InstanceCommand(cursor.TryTakeIdentifier(), cursor.TryTakeIdentifier(), line);
        var isDefinition = cursor.TryTake("definition"u8);
        return new ModuleCommand(ParseModule(line, open), isDefinition, line);
    }

    private WastModule TakeModule()
    {
        var line = Line;
        var open = cursor.Position;
        cursor.TakeForm("module"u8);
        cursor.TryTake("definition"u8);
        var module = ParseModule(line, open);
        cursor.TakeClose();
        return module;
    }

    /// <summary>What follows the keyword, up to the parenthesis that closes the form.</summary>
    private WastModule ParseModule(int line, int open)
    {
        var name = cursor.TryTakeIdentifier();
        if (cursor.TryTake("binary"u8))
            return WastModule.FromBinary(name, line, cursor.TakeStrings());
        if (cursor.TryTake("quote"u8))
            return WastModule.FromQuote(name, line, cursor.TakeStrings());
        var module = WastModule.FromFields(name, line, cursor);
        cursor.SkipToClose(open);
        return module;
    }

    private WastAction TakeAction()
    {
        cursor.TakeOpen();
        var action = ParseAction(cursor.TakeKeyword());
        cursor.TakeClose();
        return action;
    }

    private WastAction ParseAction(string keyword)
    {
        if (keyword is not ("invoke" or "get"))
            throw cursor.MalformedPrevious("unknown action");
        var instance = cursor.TryTakeIdentifier();
        var name = TakeName();
        var arguments = new List<WastConstant>();
        while (keyword == "invoke" && cursor.Kind == TokenKind.LeftParen)
            arguments.Add(TakeConstant());
        return new WastAction(keyword == "get", instance, name, [.. arguments]);
    }

    private AssertReturnCommand ParseAssertReturn(int line)
    {
        var action = TakeAction();
        var results = new List<WastPattern>();
        while (cursor.Kind == TokenKind.LeftParen)
            results.Add(TakePattern());
        return new AssertReturnCommand(action, [.. results], line);
    }

    private WastCommand ParseAssertTrap(string keyword, int line) =>
        cursor.AtForm("module"u8)
            ? new AssertModuleCommand(keyword, TakeModule(), TakeName(), line)
            : new AssertTrapCommand(keyword, TakeAction(), TakeName(), line);

    private UnsupportedCommand Unsupported(string keyword, string reason, int line, int open)
    {
        cursor.SkipToClose(open);
        return new UnsupportedCommand(keyword, reason, line);
    }

    private string TakeName() => Encoding.UTF8.GetString(cursor.TakeName());
}
