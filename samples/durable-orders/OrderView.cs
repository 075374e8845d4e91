using Fermata.Durable;

namespace Fermata.Samples.DurableOrders;

/// <summary>An order as the page shows it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Language">What it is written in.</param>
/// <param name="Lines">What was ordered.</param>
/// <param name="Hours">How many hours ago.</param>
/// <param name="State">How far it is.</param>
/// <param name="Outcome">The cents that the shop has for it, if it has completed.</param>
/// <param name="Error">What went wrong, if something did.</param>
/// <param name="Stack">Where in its code it waits: the functions, in Python with their lines, from the outermost to the one that the host does. Empty if it does not wait.</param>
/// <param name="Request">What that function was asked, in JSON.</param>
/// <param name="HoursLeft">In how many hours the wait ends, if it ends by itself.</param>
/// <param name="Process">The process that has it in memory; null if it is in the database only.</param>
/// <param name="Entries">What was done for it.</param>
internal sealed record OrderView(
    int Number,
    Language Language,
    IReadOnlyList<Line> Lines,
    double Hours,
    DurableCallState State,
    int? Outcome,
    string? Error,
    IReadOnlyList<string> Stack,
    string? Request,
    double? HoursLeft,
    string? Process,
    IReadOnlyList<Entry> Entries);
