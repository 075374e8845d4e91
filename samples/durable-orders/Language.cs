namespace Fermata.Samples.DurableOrders;

/// <summary>What an order is written in.</summary>
internal enum Language
{
    /// <summary><c>order.c</c>.</summary>
    C,

    /// <summary><c>order.py</c>.</summary>
    Python,
}
