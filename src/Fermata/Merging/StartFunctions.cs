using System.Globalization;
using System.Text;
using Fermata.Text;
using Fermata.Validation;

namespace Fermata.Merging;

/// <summary>Makes one start function of those of the inputs.</summary>
internal static class StartFunctions
{
    /// <summary>A module with a function that calls the functions that it imports in their order.</summary>
    public static MergeInput Caller(int count, TypeRegistry registry)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
            text.Append("(import \"\" \"\" (func))");
        text.Append("(func $start");
        for (var i = 0; i < count; i++)
            text.Append(CultureInfo.InvariantCulture, $" (call {i})");
        return MergeInput.Read("", "start", TextModule.Assemble(text.Append(')').ToString()).Binary, registry);
    }
}
