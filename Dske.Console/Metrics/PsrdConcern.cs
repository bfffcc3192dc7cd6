namespace Dske.Console.Metrics;

/// <summary>How much there is to worry about some PSRD, the worst last.</summary>
public enum PsrdConcern
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its level is not known any more: nobody reports it.</summary>
    Unknown,

    /// <summary>It was not filled up as it should be, and runs out within minutes.</summary>
    Soon,

    /// <summary>It was not filled up as it should be, and runs out within a minute.</summary>
    VerySoon,

    /// <summary>There is none left.</summary>
    UsedUp,
}
