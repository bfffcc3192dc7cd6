namespace Dske.Console.Metrics;

/// <summary>How much there is to worry about some PSRD, the worst last.</summary>
public enum PsrdConcern
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its level is not known any more: nobody reports it.</summary>
    Unknown,

    /// <summary>It runs out within minutes, unless it is filled up.</summary>
    Soon,

    /// <summary>It runs out within a minute, unless it is filled up.</summary>
    VerySoon,

    /// <summary>There is none left.</summary>
    UsedUp,
}
