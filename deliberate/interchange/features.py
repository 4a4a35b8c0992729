"""What ballots have that not every file format can hold."""

from enum import StrEnum

from deliberate.domain.ballot_files import BallotFile, BallotLine


class Feature(StrEnum):
    """Something that a format holds or does not."""

    TIES = "ties"
    TRUNCATION = "truncation"
    FRACTIONS = "fractions"
    GROUPS = "groups"
    APPROVALS = "approvals"
    SCORES = "scores"
    CHOICES = "choices"
    MIXTURE = "mixture"
    WITHDRAWN = "withdrawn"


FEATURE_LABELS = {
    Feature.TIES: "ties",
    Feature.TRUNCATION: "ballots that leave options out",
    Feature.FRACTIONS: "weights that are no whole numbers",
    Feature.GROUPS: "groups",
    Feature.APPROVALS: "approvals",
    Feature.SCORES: "scores",
    Feature.CHOICES: "single choices",
    Feature.MIXTURE: "ballots that do not all answer the same questions",
    Feature.WITHDRAWN: "withdrawn options",
}


def features(file: BallotFile) -> frozenset[Feature]:
    """What a format must be able to hold if nothing of the file is to be lost."""
    lines = file.ballots
    present = {
        Feature.TIES: any(len(tier) > 1 for line in lines for tier in line.ranking or ()),
        Feature.TRUNCATION: any(
            line.ranking is not None and len(line.ranked) < len(file.options) for line in lines
        ),
        Feature.FRACTIONS: any(line.weight.denominator > 1 for line in lines),
        Feature.GROUPS: any(line.group is not None for line in lines),
        Feature.APPROVALS: any(line.approved is not None for line in lines),
        Feature.SCORES: any(line.scores is not None for line in lines),
        Feature.CHOICES: any(line.choice is not None for line in lines),
        Feature.MIXTURE: len({_questions(line) for line in lines}) > 1,
        Feature.WITHDRAWN: bool(file.withdrawn),
    }
    return frozenset(feature for feature, has_it in present.items() if has_it)


def _questions(line: BallotLine) -> tuple[bool, ...]:
    """Which of the four questions a ballot answers."""
    answers = (line.ranking, line.approved, line.scores, line.choice)
    return tuple(answer is not None for answer in answers)
