namespace Fermata.Fuzz.Soak;

/// <summary>A piece of hostile code.</summary>
/// <param name="Name">What it does, for reports.</param>
/// <param name="Text">Statements in the text format with places in braces, which <see cref="HostileModule"/> fills.</param>
internal sealed record Shape(string Name, string Text);
