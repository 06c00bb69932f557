from __future__ import annotations

from commute import RULES

from taskpick.questions.turns import next_turn


def command(answers):
    return " ".join(["advise", *(f"--{name} {level}" for name, level in answers.items())])


def test_a_turn_is_the_next_best_question_with_a_command_for_each_level():
    turn = next_turn(RULES, {"distance": "near", "weather": "unsure"}, command)

    assert turn == {
        "criterion": "luggage",
        "question": "What do you carry?",
        "why": "A bag on the shoulder is nothing; a cello is another matter.",
        "levels": [
            {
                "level": "little",
                "means": "What a bag holds",
                "example": "A laptop and lunch",
                "command": "advise --distance near --weather unsure --luggage little",
            },
            {
                "level": "much",
                "means": "More than one hand can carry",
                "example": "A cello",
                "command": "advise --distance near --weather unsure --luggage much",
            },
            {
                "level": "unsure",
                "means": "not known yet; leave it open",
                "example": "",
                "command": "advise --distance near --weather unsure --luggage unsure",
            },
        ],
    }


def test_there_is_no_turn_when_no_answer_can_change_the_pick():
    assert next_turn(RULES, {"luggage": "much", "distance": "far"}, command) is None
    assert next_turn(RULES, dict.fromkeys(RULES.criteria, "unsure"), command) is None
