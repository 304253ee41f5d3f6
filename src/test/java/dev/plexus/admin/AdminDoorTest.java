package dev.plexus.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.admin.AdminDoor.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class AdminDoorTest {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final AdminDoor door = new AdminDoor(new InstantSource() {
        @Override
        public Instant instant() {
            return now;
        }
    }, "right");

    private void guess(String address, int times) {
        for (int guess = 0; guess < times; guess++) {
            assertThat(door.knock("wrong", address)).isInstanceOf(Verdict.Closed.class);
        }
    }

    @Test
    void locks_become_longer_up_to_a_quarter_of_an_hour() {
        for (long seconds : new long[] {30, 60, 120, 240, 480, 900, 900}) {
            guess("a", 5);
            assertThat(door.knock("right", "a")).isEqualTo(new Verdict.Locked(seconds));
            now = now.plusSeconds(seconds);
        }
        assertThat(door.knock("right", "a")).isEqualTo(new Verdict.Open());
    }

    @Test
    void coming_in_forgives_earlier_guesses_and_so_does_time() {
        guess("a", 4);
        assertThat(door.knock("right", "a")).isEqualTo(new Verdict.Open());
        guess("a", 4);
        now = now.plus(Duration.ofMinutes(6));
        guess("a", 4);
        assertThat(door.knock("right", "a")).isEqualTo(new Verdict.Open());
    }

    @Test
    void asking_without_a_key_is_no_guess() {
        for (int asked = 0; asked < 50; asked++) {
            assertThat(door.knock(null, "a")).isEqualTo(new Verdict.Closed(false));
        }
        assertThat(door.knock("right", "a")).isEqualTo(new Verdict.Open());
    }

    @Test
    void many_guesses_from_everywhere_are_answered_late_and_lock_nobody_else_out() {
        for (int source = 0; source < 100; source++) {
            assertThat(door.knock("wrong", "10.0.0." + source)).isEqualTo(new Verdict.Closed(false));
        }
        assertThat(door.knock("wrong", "10.0.1.1")).isEqualTo(new Verdict.Closed(true));
        assertThat(door.knock("right", "10.0.1.2")).isEqualTo(new Verdict.Open());
        for (int source = 0; source < 20_000; source++) {
            door.knock("wrong", "10." + source);
        }
        assertThat(door.knock("right", "10.0.1.3")).isEqualTo(new Verdict.Open());
    }

    @Test
    void another_key_holds_after_a_change() {
        door.follow("new");
        assertThat(door.knock("new", "a")).isEqualTo(new Verdict.Open());
        assertThat(door.knock("right", "a")).isInstanceOf(Verdict.Closed.class);
    }
}
