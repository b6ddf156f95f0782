"""Throttled requests for key frames."""

from visio.media.key_frames import ASKED_BURST, ASKED_PER_S, INTERVAL_S, Answers, KeyFrameRequests


def test_one_wish_is_asked_at_once() -> None:
    assert KeyFrameRequests(0.0).want(1.0)


def test_many_wishes_are_asked_once_in_the_interval() -> None:
    requests = KeyFrameRequests(0.0)
    assert [requests.want(1.0 + n * INTERVAL_S / 4) for n in range(5)] == [True, False, False, False, True]
    assert requests.asked_total == 2


def test_it_is_repeated_until_the_key_frame_comes() -> None:
    requests = KeyFrameRequests(0.0)
    requests.want(1.0)
    assert not requests.due(1.2, last_packet=1.1)
    assert requests.due(1.6, last_packet=1.5)
    requests.came()
    assert not requests.due(9.0, last_packet=9.0)


def test_a_muted_sender_is_left_alone() -> None:
    requests = KeyFrameRequests(0.0)
    requests.want(1.0)
    assert not requests.due(9.0, last_packet=0.9)


def test_a_new_stream_begins_with_a_key_frame() -> None:
    requests = KeyFrameRequests(1.0)
    assert not requests.want(1.1)
    assert requests.due(1.5, last_packet=1.4)


def test_a_request_is_answered_by_the_next_key_frame() -> None:
    answers = Answers()
    answers.ask(3, 1.0)
    answers.settle(3)
    assert (answers.asked, answers.answered) == (1, 0)
    answers.settle(4)
    assert (answers.asked, answers.answered) == (1, 1)


def test_one_key_frame_answers_all_that_asked_before_it() -> None:
    answers = Answers()
    answers.ask(3, 1.0)
    answers.ask(3, 1.0)
    answers.ask(4, 1.0)
    assert (answers.asked, answers.answered) == (3, 2)
    answers.settle(4)
    assert answers.answered == 2


def test_one_subscriber_cannot_ask_for_key_frames_all_the_time() -> None:
    """Ten at once are no matter: so many are lost on the worst of links."""
    answers = Answers()
    assert all(answers.ask(sent, 1.0) for sent in range(ASKED_BURST))
    assert not answers.ask(ASKED_BURST, 1.0)
    assert not answers.ask(ASKED_BURST, 1.5)
    assert answers.ask(ASKED_BURST, 1.01 + 1 / ASKED_PER_S)
    assert not answers.ask(ASKED_BURST + 1, 1.5 + 1 / ASKED_PER_S)


def test_asking_again_for_one_that_does_not_come_is_free() -> None:
    answers = Answers()
    assert all(answers.ask(7, 1.0 + n * 0.2) for n in range(5 * ASKED_BURST))
    assert all(answers.ask(8 + n, 11.0) for n in range(ASKED_BURST))
