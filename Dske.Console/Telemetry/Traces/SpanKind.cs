namespace Dske.Console.Telemetry.Traces;

/// <summary>Which side of a call a span is.</summary>
public enum SpanKind
{
    /// <summary>Work within a node.</summary>
    Internal,

    /// <summary>A request being answered.</summary>
    Server,

    /// <summary>A request being made.</summary>
    Client,

    /// <summary>A message being left for somebody.</summary>
    Producer,

    /// <summary>A message being taken up.</summary>
    Consumer,
}
